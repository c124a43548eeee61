"""Which repositories of the stand-in's world the sample dataset holds, and how many files of each.

Names are those at the data date, in the dataset's spelling. Ids, languages, licences and creation times come
from the world's own file; only what is no longer there stands here in full.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Planned:
    """``files`` in v2.1; ``files_before`` in v2.0 (0: not in it), where it may be spelt ``name_before``."""

    name: str
    files: int
    files_before: int = 0
    has_id: bool = True
    name_before: str | None = None


@dataclass(frozen=True)
class Gone:
    """A repository that exists no more, with its account: nobody can look these facts up."""

    id: int
    created_at: str
    language: str
    licence: str | None


LONG_NAME = (
    "the-very-long-name-we-gave-our-hackathon-project-in-2014-and-never-dared-to-change-afterwards-either"
)

PLAN = (
    Planned("quillon-marsh/harbour-ledger", 187),
    Planned("quillon-marsh/tidewatch", 120, 97),
    Planned("quillon-marsh/cartographers-notebook", 24, 21),
    Planned("Quillon-Marsh/thesis", 38),
    Planned(f"quillon-marsh/{LONG_NAME}", 53, 53),
    Planned("quillon-marsh/kelp-shader-toys", 46),
    Planned("quillon-marsh/lull", 41, 36),
    Planned("quillon-marsh/saltmarsh.example", 33, 30, has_id=False),
    Planned("quillon-marsh/pilcrow", 31, 31),
    Planned("quillon-marsh/dotfiles", 42, 40, has_id=False, name_before="Quillon-Marsh/dotfiles"),
    Planned("quillon-marsh/advent-2021", 50, 50),
    Planned("quillon-marsh/parquetry", 164),
    Planned("quillon-marsh/wren-editor", 93, 88),
    Planned("quillon-marsh/docs-translations", 52),
    Planned("fennwick/peat-cutter", 28, 28),
    Planned("fennwick/Lichen", 44, 41),
    Planned("fennwick/weathervane", 61, 60),
    Planned("fennwick/hollow-way", 35, 35),
    Planned("fennwick/drystone", 52, 44),
    Planned("fennwick/fen-maps", 19),
    Planned("larkspur-dev/canal-maps", 40, 40),
    Planned("larkspur-dev/gutter-snipe", 22, 22),
    Planned("larkspur-dev/tin-whistle", 17, 17),
    Planned("larkspur-dev/hedge-school", 63, 58),
    Planned("hale-ostrander/tuning-fork", 18, 18),
    Planned("hale-ostrander/recipes", 64, 51),
    Planned("norrvik-instruments/field-recorder-firmware", 88, 80),
    Planned("norrvik-instruments/tide-gauge", 35, 35),
    Planned("norrvik-instruments/spectral-tools", 57, 49),
    Planned("norrvik-instruments/pressure-logger", 26, 26),
    Planned("norrvik-instruments/buoy-telemetry", 49, 45),
    Planned("norrvik-instruments/hydrophone-array", 61, 0),
    Planned("norrvik-instruments/calibration-suite", 38, 38),
    Planned("norrvik-instruments/instrument-bus", 42, 40),
    Planned("norrvik-instruments/norrvik-cli", 30, 28),
    Planned("norrvik-instruments/datasheet-builder", 16, 16),
    Planned("norrvik-instruments/salinity-probe", 21, 21),
    Planned("norrvik-instruments/anemometer-driver", 19, 19),
    Planned("norrvik-instruments/docs", 72, 66),
    Planned("Norrvik-Instruments/Website", 40, 38, name_before="norrvik-instruments/website"),
    Planned("norrvik-instruments/ice-radar", 33, 0),
    Planned("norrvik-instruments/log-viewer", 45, 31),
    Planned("norrvik-instruments/unit-tables", 12, 12),
    Planned("norrvik-instruments/test-rig", 24, 0),
    Planned("low-tide-club/low-tide-almanac", 34, 34),
    Planned("low-tide-club/club-bylaws", 6, 6),
    Planned("wren-abernathy/paper-boats", 12, 12),
    Planned("moss-kettering/bog-lamp", 25, 25),
    Planned("moss-kettering/sphagnum", 40, 37),
    Planned("moss-kettering/kettle-lakes", 18, 18),
    Planned("moss-kettering/reed-organ", 33, 30),
    Planned("moss-kettering/shared-lab", 71, 64),
    Planned("harrow-and-pine/seed-catalogue", 31, 29),
    Planned("harrow-and-pine/orchard-map", 44, 44),
    Planned("harrow-and-pine/compost-clock", 15),
    Planned("jackdaw-post/paper-round", 20, 20),
    Planned("corvid-lane/seed-drill", 36, 33),
    Planned("corvid-lane/wind-rose", 27, 27),
    Planned("tamsin-vale/quarry-songs", 23, 23),
    Planned("tamsin-vale/limekiln", 18, 16),
    *(Planned(f"skerry-archive/tides-{year}", 2, 1 if year < 1940 else 0) for year in range(1880, 2000)),
)

GONE = {
    "larkspur-dev/canal-maps": Gone(39832484, "2015-07-21T10:02:44Z", "Python", "MIT"),
    "larkspur-dev/gutter-snipe": Gone(81241834, "2017-02-02T19:31:08Z", "JavaScript", "MIT"),
    "larkspur-dev/tin-whistle": Gone(203805878, "2019-08-08T07:45:51Z", "C", None),
    "larkspur-dev/hedge-school": Gone(353455739, "2021-03-30T16:20:19Z", "Ruby", "Apache-2.0"),
    "tamsin-vale/quarry-songs": Gone(62090015, "2016-06-28T15:13:20Z", "Python", "MIT"),
    "tamsin-vale/limekiln": Gone(184420771, "2019-05-01T13:27:44Z", "JavaScript", "ISC"),
}

# Names that no reader may take for a repository; the third has a Kelvin sign in place of its first k.
MALFORMED = {"v2.0": (None,), "v2.1": (None, "a/b/c", "moss-\u212aettering/bog-lamp")}
