import "./styles/all";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { applyTheme, keptTheme } from "./hooks/useTheme";
import { App } from "./pages/App";
import { createVoice } from "./voice/voice";

applyTheme(keptTheme());
const page = document.getElementById("page");
if (!page) throw new Error("index.html has no element #page");
const voice = createVoice();
createRoot(page).render(
  <StrictMode>
    <App voice={voice} />
  </StrictMode>,
);
