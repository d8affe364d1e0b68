// The real page with a scripted voice and a scripted server: stage.html?scene=NAME&theme=dark

import "../../../src/styles/all";

import { createRoot } from "react-dom/client";

import { applyTheme } from "../../../src/hooks/useTheme";
import { App } from "../../../src/pages/App";
import { play, sceneOf } from "./scenes";
import { everything, scriptedFetch } from "./scriptedApi";
import { ScriptedVoice } from "./scriptedVoice";

const query = new URLSearchParams(location.search);
const scene = sceneOf(query.get("scene") ?? "welcome");
applyTheme(query.get("theme") === "dark" ? "dark" : "light");
window.fetch = scriptedFetch(scene.answers ?? everything());
history.replaceState(null, "", scene.path);
const voice = new ScriptedVoice();
play(scene, voice);
const page = document.getElementById("page");
if (page) createRoot(page).render(<App voice={voice} />);
