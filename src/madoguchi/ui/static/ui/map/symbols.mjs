// The pictures of the map, drawn here: urgency differs by shape and letter as well as by colour.

export const URGENCY = {
  3: { letter: "命", colour: "#ce0000", shape: "diamond" },
  2: { letter: "急", colour: "#c74700", shape: "triangle" },
  1: { letter: "記", colour: "#0017c1", shape: "circle" },
  0: { letter: "他", colour: "#4d4d4d", shape: "square" },
};
export const CLOSED_COLOUR = "#666666";
const FONT = "'Hiragino Sans', 'Noto Sans JP', 'Noto Sans CJK JP', 'Yu Gothic UI', sans-serif";
const SCALE = 2;

/** Name of the picture of a case: u<urgency>, -c closed, -q doubtful. */
export function symbolName(urgency, closed, doubtful) {
  return `u${urgency}${closed ? "-c" : ""}${doubtful ? "-q" : ""}`;
}

function outline(context, shape, centre, radius) {
  context.beginPath();
  if (shape === "circle") {
    context.arc(centre, centre, radius, 0, 2 * Math.PI);
  } else if (shape === "square") {
    const half = radius * 0.88;
    context.roundRect(centre - half, centre - half, 2 * half, 2 * half, 3);
  } else if (shape === "diamond") {
    const half = radius * 1.18;
    context.moveTo(centre, centre - half);
    context.lineTo(centre + half, centre);
    context.lineTo(centre, centre + half);
    context.lineTo(centre - half, centre);
  } else {
    const half = radius * 1.2;
    context.moveTo(centre, centre - half);
    context.lineTo(centre + half, centre + half * 0.78);
    context.lineTo(centre - half, centre + half * 0.78);
  }
  context.closePath();
}

export function drawSymbol(urgency, closed, doubtful) {
  const { letter, colour, shape } = URGENCY[urgency];
  const size = 44;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * SCALE;
  const context = canvas.getContext("2d");
  context.scale(SCALE, SCALE);
  const centre = size / 2;
  outline(context, shape, centre, 15);
  context.lineJoin = "round";
  context.lineWidth = 6;
  context.strokeStyle = "#ffffff";
  context.stroke();
  context.fillStyle = closed ? "#ffffff" : colour;
  context.fill();
  context.lineWidth = 2.5;
  context.strokeStyle = closed ? CLOSED_COLOUR : colour;
  context.setLineDash(doubtful ? [4, 3] : []);
  context.stroke();
  context.fillStyle = closed ? CLOSED_COLOUR : "#ffffff";
  context.font = `bold ${shape === "triangle" ? 13 : 15}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(closed ? "済" : letter, centre, centre + (shape === "triangle" ? 4 : 1));
  if (doubtful) badge(context);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function badge(context) {
  context.setLineDash([]);
  context.beginPath();
  context.arc(9, 9, 8, 0, 2 * Math.PI);
  context.fillStyle = "#ffe380";
  context.fill();
  context.strokeStyle = "#000000";
  context.lineWidth = 1.5;
  context.stroke();
  context.fillStyle = "#000000";
  context.font = `bold 12px ${FONT}`;
  context.fillText("?", 9, 9.5);
}

export function addSymbols(map) {
  for (const urgency of [0, 1, 2, 3]) {
    for (const closed of [false, true]) {
      for (const doubtful of [false, true]) {
        map.addImage(symbolName(urgency, closed, doubtful), drawSymbol(urgency, closed, doubtful), { pixelRatio: SCALE });
      }
    }
  }
}

/** A small mark of a kind of place, with one letter. */
export function drawPlace(letter, colour) {
  const size = 18;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * SCALE;
  const context = canvas.getContext("2d");
  context.scale(SCALE, SCALE);
  context.beginPath();
  context.roundRect(1, 1, size - 2, size - 2, 4);
  context.fillStyle = "#ffffff";
  context.fill();
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke();
  context.fillStyle = colour;
  context.font = `bold 11px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(letter, size / 2, size / 2 + 0.5);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
