// Rivers, roads and railways that the town imported, drawn under everything else on the map.
// "kind" is that of ui/basemap/engine/kinds.py.

import { getJson } from "./live.mjs";

const FONTS = ["Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", "sans-serif"];
const BELOW = "outline-glow";
const BELOW_NAMES = "names-block";

// kind: lowest zoom, colour, casing, width in pixels at zoom 10, 14 and 18
const ROADS = {
  minor: [12.5, "#ffffff", "#cbc7bb", [0.5, 1.5, 12]],
  tertiary: [11, "#ffffff", "#aaa698", [0.7, 3, 16]],
  secondary: [10, "#fdf3c4", "#a99a5c", [1, 4, 18]],
  primary: [8, "#fbe29a", "#a8853a", [1.4, 5, 20]],
  trunk: [7, "#f8cf86", "#a36f24", [1.8, 5.5, 22]],
  motorway: [6, "#eeb08a", "#9a4f22", [2, 6, 24]],
};

function width([far, middle, near], extra = 0) {
  return ["interpolate", ["exponential", 1.6], ["zoom"], 10, far + extra / 2, 14, middle + extra, 18, near + extra];
}

function line(id, kind, minzoom, paint, layout = {}) {
  return { id, type: "line", source: "ground", minzoom, filter: ["==", ["get", "kind"], kind], layout: { "line-cap": "round", "line-join": "round", ...layout }, paint };
}

/** All casings below all roads, so that a crossing looks like one. */
function roads() {
  const kinds = Object.entries(ROADS);
  return [
    ...kinds.map(([kind, [from, , casing, size]]) => line(`ground-${kind}-casing`, kind, from, { "line-color": casing, "line-width": width(size, 1.6) })),
    ...kinds.map(([kind, [from, colour, , size]]) => line(`ground-${kind}`, kind, from, { "line-color": colour, "line-width": width(size) })),
  ];
}

function water() {
  return [
    { id: "ground-water", type: "fill", source: "ground", filter: ["==", ["get", "kind"], "water"], paint: { "fill-color": "#a9d0f0", "fill-outline-color": "#6fa8d8" } },
    line("ground-stream", "stream", 12, { "line-color": "#7fb4e2", "line-width": width([0.5, 1.2, 3]) }),
    line("ground-river", "river", 8, { "line-color": "#a9d0f0", "line-width": width([1.2, 2.5, 6]) }),
  ];
}

function railways() {
  return [
    line("ground-rail-casing", "rail", 9, { "line-color": "#5c5c5c", "line-width": width([1.2, 2.6, 6]) }, { "line-cap": "butt" }),
    line("ground-rail", "rail", 11, { "line-color": "#ffffff", "line-width": width([0.4, 1.4, 4]), "line-dasharray": [4, 4] }, { "line-cap": "butt" }),
  ];
}

function names(id, kinds, minzoom, colour) {
  return {
    id,
    type: "symbol",
    source: "ground",
    minzoom,
    filter: ["all", ["has", "name"], ["in", ["get", "kind"], ["literal", kinds]]],
    layout: { "symbol-placement": "line", "symbol-spacing": 320, "text-field": ["get", "name"], "text-font": FONTS, "text-size": 12, "text-max-angle": 35, "text-padding": 4 },
    paint: { "text-color": colour, "text-halo-color": "#ffffff", "text-halo-width": 1.6 },
  };
}

/**
 * Draw what is served at `url` below the layers of `map`; returns the credit, "" where the town has
 * imported nothing or the map stands on tiles, which show the same.
 */
export async function addGround(map, url, config) {
  if (!url || config.tiles) return "";
  const { body } = await getJson(url);
  if (!body) return "";
  map.addSource("ground", { type: "geojson", data: body, attribution: body.credit, tolerance: 0.3 });
  for (const layer of [...water(), ...roads(), ...railways()]) map.addLayer(layer, BELOW);
  const labels = [
    names("ground-names-minor", ["minor", "tertiary", "stream"], 14.5, "#4d4d4d"),
    names("ground-names-rail", ["rail"], 13, "#4d4d4d"),
    names("ground-names-road", ["secondary", "primary", "trunk", "motorway"], 12, "#5c3a00"),
    names("ground-names-water", ["river", "water"], 11, "#0b5394"),
  ];
  for (const layer of labels) map.addLayer(layer, BELOW_NAMES);
  return body.credit;
}
