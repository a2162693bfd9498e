import { previewPhotos } from "./organise/photo.js";
import { addRows } from "./organise/rows.js";

addRows();
previewPhotos();
