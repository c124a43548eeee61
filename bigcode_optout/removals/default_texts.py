"""What requesters read for each reason until somebody edits it at the desk. `{…}`: see `wording.PLACEHOLDERS`."""

from collections.abc import Mapping

from bigcode_optout.removals.models import Decision

_ACCEPT, _DECLINE = Decision.Verdict.ACCEPT, Decision.Verdict.DECLINE
_Reason = Decision.Reason

# By verdict and reason, by language. “Other” has none: it needs a reviewer's own words.
DEFAULTS: Mapping[tuple[str, str], Mapping[str, str]] = {
    (_ACCEPT, _Reason.CONTROL_SHOWN): {
        "en": "You may decide about it, so we leave it out.",
        "de": "Sie dürfen darüber entscheiden, also lassen wir es weg.",
    },
    (_ACCEPT, _Reason.NOT_IN_DATASET): {
        "en": "{dataset} holds nothing of it today. It is yours, so we keep your exclusion: coming versions "
        "leave it out, too.",
        "de": "{dataset} enthält heute nichts davon. Es gehört Ihnen, deshalb bleibt Ihr Ausschluss bestehen: auch "
        "kommende Versionen lassen es weg.",
    },
    (_DECLINE, _Reason.INSUFFICIENT_PROOF): {
        "en": "We could not see that this account or repository is yours.",
        "de": "Wir konnten nicht sehen, dass dieses Konto oder Repository Ihres ist.",
    },
    (_DECLINE, _Reason.NO_AUTHORITY): {
        "en": "Only an owner of the organisation or an administrator of the repository can decide this. They can ask "
        "here.",
        "de": "Nur ein Eigentümer der Organisation oder ein Administrator des Repositorys kann das entscheiden. Sie "
        "können hier selbst darum bitten.",
    },
    (_DECLINE, _Reason.NOT_IN_DATASET): {
        "en": "No version of {dataset} holds it, and we could not see that it is yours. So there is "
        "nothing to leave out.",
        "de": "Keine Version von {dataset} enthält es, und wir konnten nicht sehen, dass es Ihres ist. Es gibt also "
        "nichts wegzulassen.",
    },
    (_DECLINE, _Reason.DUPLICATE): {
        "en": "You have asked for the same in another request, which stands.",
        "de": "Sie haben in einem anderen Antrag um dasselbe gebeten; jener gilt.",
    },
    (_DECLINE, _Reason.NOT_COVERED): {
        "en": "The dataset holds nothing of this kind.",
        "de": "Der Datensatz enthält nichts von dieser Art.",
    },
    (_DECLINE, _Reason.WITHDRAWN): {
        "en": "You told us that you take this back, so nothing is left out.",
        "de": "Sie haben uns mitgeteilt, dass Sie das zurücknehmen. Es wird also nichts weggelassen.",
    },
    (_DECLINE, _Reason.ABUSIVE): {
        "en": "We do not act on this request.",
        "de": "Wir werden auf diesen Antrag hin nicht tätig.",
    },
}
