// The desk by keyboard. A key does what the control with that data-key does, and nothing more:
// a button or link is pressed, a summary is unfolded, a field gets the focus. Without this script the controls are there.
(function () {
  "use strict";

  const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=submit]):not([type=button]), textarea, select, [contenteditable]";

  function controlOf(key) {
    const found = document.querySelectorAll("[data-key]");
    return Array.from(found).find((each) => each.dataset.key === key && !each.disabled);
  }

  function firstField(within) {
    return within.querySelector("textarea, select, input:not([type=hidden]), button");
  }

  function unfold(summary) {
    const details = summary.parentElement;
    details.open = true;
    (firstField(details) || summary).focus();
  }

  function accept(button) {
    // Marks only: what is sent is shown first, by the button that gets the focus.
    const form = button.form;
    form.querySelectorAll("input[type=radio][value=accept]").forEach((each) => {
      each.checked = true;
    });
    button.focus();
    button.scrollIntoView({ block: "nearest" });
  }

  function act(control) {
    if (control.dataset.keyDoes === "accept") {
      accept(control);
    } else if (control.tagName === "SUMMARY") {
      unfold(control);
    } else if (control.matches("input, textarea, select")) {
      control.focus();
    } else {
      control.click();
    }
  }

  document.addEventListener("keydown", function (event) {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && !event.isComposing;
    if (!isPlain || event.defaultPrevented || event.target.closest(TYPING)) {
      return;
    }
    if (event.key === "?") {
      const help = document.querySelector("[data-keys-help]");
      if (help) {
        help.open = !help.open;
        help.querySelector("summary").focus();
        event.preventDefault();
      }
      return;
    }
    const control = event.key.length === 1 ? controlOf(event.key.toLowerCase()) : undefined;
    if (control && !event.shiftKey) {
      event.preventDefault();
      act(control);
    }
  });
})();
