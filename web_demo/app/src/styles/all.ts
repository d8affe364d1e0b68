// The style sheets, in the order in which they build on one another.

import "@fontsource-variable/figtree/wght.css";
import "uplot/dist/uPlot.min.css";
import "./tokens.css";
import "./base.css";
import "./kit.css";
import "./shell.css";
import "./talk.css";
import "./conversation.css";
import "./panel.css";
import "./calls.css";
