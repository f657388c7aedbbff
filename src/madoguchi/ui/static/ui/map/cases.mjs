// Cases on the map: clusters, symbols, the circle of accuracy, selection.

import { CLOSED, isPlaced, isUnverified } from "./store.mjs";
import { addSymbols, symbolName, URGENCY } from "./symbols.mjs";
import { circle } from "./base.mjs";

const EMPTY = { type: "FeatureCollection", features: [] };
const FONTS = ["Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", "sans-serif"];

function feature(item) {
  const closed = CLOSED.has(item.state);
  return {
    type: "Feature",
    id: item.id,
    properties: {
      case: item.id,
      urgency: item.urgency,
      weight: (closed ? 0 : 10) + item.urgency,
      symbol: symbolName(item.urgency, closed, item.doubtful || isUnverified(item)),
      witnesses: isUnverified(item) ? "SNS" : item.witnesses > 1 ? `×${item.witnesses}` : "",
    },
    geometry: { type: "Point", coordinates: [item.lon, item.lat] },
  };
}

export class CaseLayer {
  /** onSelect(id | null) */
  constructor({ map, calm, onSelect }) {
    Object.assign(this, { map, calm, onSelect });
    addSymbols(map);
    this.addLayers();
    this.listen();
  }

  addLayers() {
    const { map } = this;
    map.addSource("cases", {
      type: "geojson",
      data: EMPTY,
      cluster: true,
      clusterRadius: 46,
      clusterMaxZoom: 15,
      clusterProperties: { weight: ["max", ["get", "weight"]], urgency: ["max", ["get", "urgency"]] },
    });
    map.addSource("accuracy", { type: "geojson", data: EMPTY });
    map.addSource("selected", { type: "geojson", data: EMPTY });
    const byUrgency = ["match", ["%", ["get", "weight"], 10], 3, URGENCY[3].colour, 2, URGENCY[2].colour, 1, URGENCY[1].colour, URGENCY[0].colour];
    map.addLayer({ id: "accuracy-fill", type: "fill", source: "accuracy", paint: { "fill-color": "#264af4", "fill-opacity": 0.12 } });
    map.addLayer({ id: "accuracy-line", type: "line", source: "accuracy", paint: { "line-color": "#0017c1", "line-width": 2, "line-dasharray": [2, 2] } });
    map.addLayer({
      id: "clusters",
      type: "circle",
      source: "cases",
      filter: ["has", "point_count"],
      paint: {
        "circle-color": ["case", ["<", ["get", "weight"], 10], "#ffffff", byUrgency],
        "circle-radius": ["step", ["get", "point_count"], 17, 10, 20, 100, 24, 1000, 30, 10000, 36],
        "circle-stroke-color": ["case", ["<", ["get", "weight"], 10], "#666666", "#ffffff"],
        "circle-stroke-width": 3,
      },
    });
    map.addLayer({
      id: "cluster-counts",
      type: "symbol",
      source: "cases",
      filter: ["has", "point_count"],
      layout: {
        "text-field": ["concat", ["case", [">=", ["get", "weight"], 13], "命\n", [">=", ["get", "weight"], 12], "急\n", ""], ["get", "point_count_abbreviated"]],
        "text-font": FONTS,
        "text-size": 13,
        "text-line-height": 1,
        "text-allow-overlap": true,
      },
      paint: { "text-color": ["case", ["<", ["get", "weight"], 10], "#333333", "#ffffff"] },
    });
    map.addLayer({ id: "selected-ring", type: "circle", source: "selected", paint: { "circle-radius": 25, "circle-color": "#ffd43d", "circle-opacity": 0.65, "circle-stroke-color": "#000000", "circle-stroke-width": 3 } });
    map.addLayer({
      id: "cases",
      type: "symbol",
      source: "cases",
      filter: ["!", ["has", "point_count"]],
      layout: {
        "icon-image": ["get", "symbol"],
        "icon-allow-overlap": true,
        "symbol-sort-key": ["get", "weight"],
        "text-field": ["get", "witnesses"],
        "text-font": FONTS,
        "text-size": 12,
        "text-offset": [1.6, -0.9],
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": "#000000", "text-halo-color": "#ffffff", "text-halo-width": 2 },
    });
  }

  listen() {
    const { map } = this;
    for (const layer of ["cases", "clusters"]) {
      map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
      map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
    }
    map.on("click", "cases", (event) => this.onSelect(event.features[0].properties.case));
    map.on("click", "clusters", async (event) => {
      const cluster = event.features[0];
      const zoom = await map.getSource("cases").getClusterExpansionZoom(cluster.properties.cluster_id);
      this.move({ center: cluster.geometry.coordinates, zoom });
    });
  }

  move(target) {
    if (this.calm) this.map.jumpTo(target);
    else this.map.easeTo({ duration: 500, ...target });
  }

  show(items) {
    this.map.getSource("cases").setData({ type: "FeatureCollection", features: items.filter(isPlaced).map(feature) });
  }

  /** Mark a case and its circle of accuracy; null marks none. */
  select(item, { move = false } = {}) {
    const placed = item && isPlaced(item);
    const point = placed ? { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [item.lon, item.lat] } } : EMPTY;
    this.map.getSource("selected").setData(point);
    this.map.getSource("accuracy").setData(placed && item.radius_m ? circle(item.lon, item.lat, item.radius_m) : EMPTY);
    if (!placed || !move) return;
    const zoom = Math.max(this.map.getZoom(), item.radius_m > 1500 ? 12 : item.radius_m > 400 ? 14 : 15.5);
    this.move({ center: [item.lon, item.lat], zoom });
  }

  /** A picture of the map as it stands, for print. */
  picture() {
    this.map.redraw();
    return this.map.getCanvas().toDataURL("image/png");
  }
}
