/* Makes the page "What should be left out?" live: filter, ticks and figures. Without it the buttons do the same. */
"use strict";

(() => {
  const form = document.querySelector("[data-choice]");
  if (!form) return;
  const number = new Intl.NumberFormat("en-GB");
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];

  /* As core.folding: A to Z only. */
  const fold = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const rowsOf = (part) => [...part.querySelectorAll("tbody tr")];
  const boxOf = (row) => row.querySelector("input[type=checkbox]");
  const plural = (count, one, many) => `${number.format(count)} ${count === 1 ? one : many}`;

  function element(name, text, className) {
    const made = document.createElement(name);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function size(bytes) {
    let value = bytes;
    let unit = 0;
    const rounded = () => (value < 99.95 ? Math.round(value * 10) / 10 : Math.round(value));
    while (unit + 1 < units.length && rounded() >= 1000) {
      value /= 1000;
      unit += 1;
    }
    const digits = unit && value < 99.95 ? 1 : 0;
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return [value.toLocaleString("en-GB", options), units[unit]];
  }

  /* The inputs of a part whose figures count, and the words about them. */
  function chosenIn(part) {
    const name = element("bdi", part.dataset.scope);
    const total = Number(part.dataset.total);
    const mode = part.querySelector("input[name^=scope-]:checked");
    if (mode && mode.value === "everything") {
      const now = total ? `, ${plural(total, "repository", "repositories")} now` : "";
      return { inputs: [mode], words: [element("strong", "Everything"), " under ", name, now] };
    }
    if (mode && mode.value === "repository") {
      const strong = document.createElement("strong");
      strong.append(name);
      return { inputs: [mode], words: [strong], single: part.dataset.scope };
    }
    const ticked = rowsOf(part).map(boxOf).filter((box) => box.checked);
    if (!mode || !ticked.length) return { inputs: [], words: null };
    const strong = element("strong", plural(ticked.length, "repository", "repositories"));
    return { inputs: ticked, words: [strong, ` of ${number.format(total)} under `, name] };
  }

  /* A repository named by itself counts once when its owner, or a tick above, covers it too. */
  function withoutDoubles(found) {
    const owners = found.filter((one) => one.inputs[0]?.value === "everything").map((one) => one.part.dataset.scope);
    const ticked = found.flatMap((one) => (one.single ? [] : one.inputs.map((input) => fold(input.value))));
    const isCovered = (name) =>
      ticked.includes(fold(name)) || owners.some((owner) => fold(name).startsWith(`${fold(owner)}/`));
    return found.flatMap((one) => (one.single && isCovered(one.single) ? [] : one.inputs));
  }

  function tell() {
    const found = [...form.querySelectorAll("[data-scope]")].map((part) => ({ part, ...chosenIn(part) }));
    const lines = found.filter((one) => one.words).map((one) => {
      const line = document.createElement("li");
      line.append(...one.words);
      return line;
    });
    const list = form.querySelector("[data-words]");
    if (list.textContent !== lines.map((line) => line.textContent).join("")) list.replaceChildren(...lines);
    const figures = withoutDoubles(found).map((input) => input.dataset.figures.split(" "));
    form.querySelectorAll("[data-version]").forEach((row, place) => {
      const sums = [0, 0];
      for (const figure of figures) {
        (figure[place] || "0:0").split(":").forEach((value, column) => (sums[column] += Number(value)));
      }
      /* A version that records no files, or no sizes, has no place for the figure. */
      const files = row.querySelector("[data-files]");
      if (files) files.textContent = number.format(sums[0]);
      const [value, unit] = size(sums[1]);
      row.querySelector("[data-bytes]")?.replaceChildren(`${value} `, element("span", unit, "unit"));
    });
  }

  function count(picker) {
    for (const list of picker.querySelectorAll("[data-list]")) {
      const ticked = rowsOf(list).filter((row) => boxOf(row).checked).length;
      list.querySelector("[data-chosen]").textContent = number.format(ticked);
    }
  }

  function filter(picker, text) {
    const wanted = fold(text.trim());
    const rows = rowsOf(picker);
    for (const row of rows) row.hidden = !fold(boxOf(row).value.split("/")[1]).includes(wanted);
    const shown = rows.filter((row) => !row.hidden).length;
    picker.querySelector("[data-shown]").textContent = number.format(shown);
    picker.querySelector("[data-nothing-shown]").hidden = shown > 0;
  }

  for (const picker of form.querySelectorAll(".picker")) {
    const input = picker.querySelector("[data-filter]");
    picker.querySelector("button[value=filter]").hidden = true;
    input.addEventListener("input", () => filter(picker, input.value));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    for (const button of picker.querySelectorAll("[data-tick]")) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        for (const row of rowsOf(picker)) {
          if (!row.hidden) boxOf(row).checked = button.dataset.tick === "all";
        }
        count(picker);
        tell();
      });
    }
  }
  form.addEventListener("change", (event) => {
    const picker = event.target.closest(".picker");
    if (picker) count(picker);
    tell();
  });
  /* A browser that comes back to the page may have kept other ticks than the server drew. */
  window.addEventListener("pageshow", () => {
    form.querySelectorAll(".picker").forEach(count);
    tell();
  });
})();
