import { model } from "./drafts/figure.js";
