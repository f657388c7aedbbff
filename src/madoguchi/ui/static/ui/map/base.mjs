// The base of every map: MapLibre from our own files, the town's outline, names and stations.
// No glyph server: MapLibre draws the letters with the fonts of the device.

import { drawPlace } from "./symbols.mjs";
import { getJson } from "./live.mjs";

const FONTS = ["Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", "sans-serif"];
const PLACES = {
  station: ["駅", "#333333"],
  hall: ["役", "#0017c1"],
  school: ["学", "#6d2700"],
  park: ["園", "#115a36"],
};
const WORDS = {
  "AttributionControl.ToggleAttribution": "出典の表示を切り替える",
  "NavigationControl.ZoomIn": "拡大",
  "NavigationControl.ZoomOut": "縮小",
  "GeolocateControl.FindMyLocation": "現在地を表示",
  "GeolocateControl.LocationNotAvailable": "現在地がわかりません",
  "Map.Title": "地図",
  "ScaleControl.Meters": "m",
  "ScaleControl.Kilometers": "km",
};

function label(id, minzoom, filter, size, extra = {}) {
  return {
    id,
    type: "symbol",
    source: "labels",
    minzoom,
    filter,
    layout: { "text-field": ["get", "name"], "text-font": FONTS, "text-size": size, "text-max-width": 8, "text-padding": 6, ...extra },
    paint: { "text-color": "#333333", "text-halo-color": "#ffffff", "text-halo-width": 1.6 },
  };
}

/** The style of a town's base map; `config` as served by map/config. */
export function styleOf(config) {
  const sources = {
    boundary: { type: "geojson", data: config.boundary },
    labels: { type: "geojson", data: config.labels },
    places: { type: "geojson", data: config.places },
  };
  const layers = [{ id: "ground", type: "background", paint: { "background-color": config.tiles ? "#ffffff" : "#e3e8ee" } }];
  if (config.tiles) {
    sources.tiles = { type: "raster", tiles: [config.tiles.url], tileSize: 256, maxzoom: config.tiles.max_zoom };
    layers.push({ id: "tiles", type: "raster", source: "tiles" });
  } else {
    layers.push({ id: "town", type: "fill", source: "boundary", paint: { "fill-color": "#fbfaf5" } });
  }
  if (config.blocks) {
    sources.blocks = { type: "geojson", data: config.blocks };
    layers.push({ id: "blocks", type: "line", source: "blocks", paint: { "line-color": "#a9a498", "line-width": ["interpolate", ["linear"], ["zoom"], 11, 0.4, 15, 1.2], "line-dasharray": [3, 2] } });
  }
  layers.push(
    { id: "outline-glow", type: "line", source: "boundary", paint: { "line-color": "#0017c1", "line-opacity": 0.15, "line-width": 8 } },
    { id: "outline", type: "line", source: "boundary", paint: { "line-color": "#264af4", "line-width": 2 } },
    label("names-block", 13.5, ["==", ["get", "rank"], 2], 13),
    label("names-oaza", 11, ["==", ["get", "rank"], 1], 14),
    { ...label("names-district", 10, ["==", ["get", "rank"], 0], 15), maxzoom: 13.5 },
  );
  return { version: 8, sources, layers };
}

const PLACE_LAYER = {
  id: "places",
  type: "symbol",
  source: "places",
  minzoom: 10,
  filter: ["any", ["in", ["get", "kind"], ["literal", ["station", "hall"]]], [">=", ["zoom"], 13.5]],
  layout: {
    "icon-image": ["concat", "place-", ["get", "kind"]],
    "icon-allow-overlap": true,
    "text-field": ["get", "name"],
    "text-font": FONTS,
    "text-size": 12,
    "text-offset": [0, 0.9],
    "text-anchor": "top",
    "text-optional": true,
  },
  paint: { "text-color": "#1a1a1a", "text-halo-color": "#ffffff", "text-halo-width": 1.6 },
};

/** Stations, town hall, schools, parks: their little marks must be there before the layer is. */
function addPlaces(map) {
  for (const [kind, mark] of Object.entries(PLACES)) map.addImage(`place-${kind}`, drawPlace(...mark), { pixelRatio: 2 });
  map.addLayer(PLACE_LAYER);
}

/** Make a map of the town in `element`. Throws when the browser cannot draw one. */
export async function makeMap(element, config, options = {}) {
  const maplibre = await import("../../vendor/maplibre/maplibre-gl.mjs");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = new maplibre.Map({
    container: element,
    style: styleOf(config),
    bounds: config.view,
    fitBoundsOptions: { padding: 24 },
    maxZoom: 18,
    minZoom: 6,
    attributionControl: { compact: false, customAttribution: config.attribution },
    locale: WORDS,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: calm ? 0 : 200,
    cooperativeGestures: false,
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.ScaleControl({ maxWidth: 120, unit: "metric" }), "top-left");
  const canvas = map.getCanvas();
  canvas.setAttribute("aria-label", `${config.town}の地図。矢印キーで動かし、＋と－で拡大・縮小します。同じ内容が一覧にあります。`);
  await map.once("load");
  addPlaces(map);
  return { map, maplibre, calm };
}

export async function loadConfig(url) {
  return (await getJson(url)).body;
}

/** A circle of `radius` metres around a point, as a GeoJSON polygon. */
export function circle(lon, lat, radius) {
  const corners = [];
  for (let step = 0; step <= 64; step += 1) {
    const angle = (step / 64) * 2 * Math.PI;
    corners.push([
      lon + (radius * Math.cos(angle)) / (111_320 * Math.cos((lat * Math.PI) / 180)),
      lat + (radius * Math.sin(angle)) / 110_574,
    ]);
  }
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [corners] } };
}
