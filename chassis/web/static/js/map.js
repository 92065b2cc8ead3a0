// Maps without a tile server: every lamp a pale point on the night, the found one lit. The page is complete without it.

const { L } = window;
const NIGHT = { grid: "#24415c", outline: "#8fa6bb", road: "#3d5a76", point: "#a9bccd", ground: "#16304a" };
const OUTLINE = { color: NIGHT.outline, weight: 1.5, dashArray: "4 4", fillColor: NIGHT.ground, fillOpacity: 0.6 };
const ROAD = { color: NIGHT.road, weight: 1.5, fill: false };
const drawn = new WeakMap();

function dataOf(element) {
  const script = element.querySelector('script[type="application/json"]');
  return script ? JSON.parse(script.textContent) : {};
}

const toLatLng = ([longitude, latitude]) => [latitude, longitude];

function features(points) {
  if (!points) return [];
  if (points.type === "FeatureCollection") return points.features;
  return points.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates } }));
}

// Fine lines every so many metres, so that a map without streets still shows scale and movement.
const Grid = L.GridLayer.extend({
  createTile() {
    const tile = L.DomUtil.create("canvas", "leaflet-tile");
    const size = this.getTileSize();
    tile.width = size.x;
    tile.height = size.y;
    const pen = tile.getContext("2d");
    pen.strokeStyle = NIGHT.grid;
    pen.lineWidth = 1;
    for (let at = 0.5; at < size.x; at += size.x / 4) {
      pen.globalAlpha = at < 1 ? 0.9 : 0.4;
      pen.beginPath();
      pen.moveTo(at, 0); pen.lineTo(at, size.y);
      pen.moveTo(0, at); pen.lineTo(size.x, at);
      pen.stroke();
    }
    return tile;
  },
});

function createMap(element) {
  element.hidden = false;
  const map = L.map(element, {
    preferCanvas: true, zoomControl: false, attributionControl: false, minZoom: 9, maxZoom: 19, zoomSnap: 0.5, scrollWheelZoom: false,
  });
  // The page scrolls under the pointer until the map has been entered on purpose.
  element.addEventListener("click", () => map.scrollWheelZoom.enable());
  element.addEventListener("mouseleave", () => map.scrollWheelZoom.disable());
  L.control.zoom({ zoomInTitle: element.dataset.textZoomIn, zoomOutTitle: element.dataset.textZoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  new Grid({ noWrap: true }).addTo(map);
  map.setView([23.7, 120.9], 12);
  return { map, layer: L.layerGroup().addTo(map) };
}

function drawOutline(layer, outline) {
  return L.geoJSON(outline, { interactive: false, style: ({ geometry }) => (geometry.type.endsWith("LineString") ? ROAD : OUTLINE) }).addTo(layer);
}

function drawPoint(layer, feature) {
  const { label, href, tone, count } = feature.properties ?? {};
  const colour = tone === "late" ? "#ff9d94" : tone === "done" ? "#9fd8bf" : NIGHT.point;
  const circle = L.circleMarker(toLatLng(feature.geometry.coordinates), {
    radius: count ? Math.min(4 + Math.sqrt(count) / 2, 14) : label ? 5 : 3, stroke: false, fillColor: colour, fillOpacity: count ? 0.55 : 0.95, interactive: Boolean(label),
  }).addTo(layer);
  if (label) circle.bindTooltip(label);
  if (href) circle.on("click", () => { window.location.assign(href); });
  return circle;
}

function drawFound(layer, coordinates, label) {
  const at = toLatLng(coordinates);
  for (const [radius, opacity] of [[34, 0.12], [24, 0.2], [16, 0.35]]) {
    L.circleMarker(at, { radius, stroke: false, fillColor: "#ffbf3c", fillOpacity: opacity, interactive: false }).addTo(layer);
  }
  return L.circleMarker(at, { radius: 8, color: "#fff8e8", weight: 3, fillColor: "#ffbf3c", fillOpacity: 1 }).bindTooltip(label).addTo(layer);
}

function frame(map, data, all) {
  if (data.found) map.setView(toLatLng(data.found), data.zoom ?? 17, { animate: false });
  else if (data.bounds) map.fitBounds([[data.bounds[1], data.bounds[0]], [data.bounds[3], data.bounds[2]]], { padding: [16, 16], animate: false });
  else if (all.length) map.fitBounds(L.latLngBounds(all), { padding: [24, 24], maxZoom: 17, animate: false });
}

/** Draws data ({found, points, outline, bounds, zoom}) into a map element; drawing again replaces what was there. */
function draw(element, data) {
  if (!drawn.has(element)) drawn.set(element, createMap(element));
  const { map, layer } = drawn.get(element);
  map.invalidateSize({ animate: false });
  layer.clearLayers();
  const points = features(data.points).filter((feature) => feature.geometry?.type === "Point");
  frame(map, data, points.map((feature) => toLatLng(feature.geometry.coordinates)));
  if (data.outline) drawOutline(layer, data.outline);
  points.forEach((feature) => drawPoint(layer, feature));
  if (data.found) drawFound(layer, data.found, data.label ?? element.dataset.textFound);
}

async function fetched(url) {
  const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" }, signal: AbortSignal.timeout(8000) });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function start(element) {
  const data = dataOf(element);
  const empty = !data.found && !data.points && !data.outline && !data.bounds && !data.url;
  if (empty) return;
  draw(element, data);
  if (!data.url) return;
  try {
    draw(element, { ...data, points: await fetched(data.url) });
  } catch (error) {
    console.warn("map: no points", error);
  }
}

document.addEventListener("lamppost:map", (event) => draw(event.target, event.detail));
document.querySelectorAll("[data-map]").forEach(start);

for (const button of document.querySelectorAll("[data-where-am-i]")) {
  if (!navigator.geolocation) continue;
  button.hidden = false;
  button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(({ coords }) => {
    const target = new URL(button.dataset.whereAmI, window.location.href);
    target.searchParams.set("lon", coords.longitude.toFixed(6));
    target.searchParams.set("lat", coords.latitude.toFixed(6));
    window.location.assign(target);
  }, () => { button.textContent = button.dataset.textRefused; }));
}
