export { ChanceYardstick } from "./ChanceYardstick";
export { DistributionEditorPlot } from "./distribution/DistributionEditorPlot";
export { DistributionThumb } from "./distribution/DistributionThumb";
export { quantileOf } from "./distribution/shape";
export { exportCsv, exportPng, exportSvg } from "./exporting";
export { MainChart } from "./MainChart";
export { RotationThumb } from "./RotationThumb";
