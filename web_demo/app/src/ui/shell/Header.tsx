import { useState } from "react";

import { useHotkeys } from "../../hooks/useHotkeys";
import { useMe } from "../../hooks/useMe";
import { useTheme, type Theme } from "../../hooks/useTheme";
import { useCallView } from "../../hooks/useVoice";
import { postJson } from "../../state/api";
import { CALLS, TALK, type Route } from "../../state/route";
import { Button } from "../kit/Button";
import type { IconName } from "../kit/Icon";
import { Link } from "../kit/Link";
import { Brand } from "./Brand";
import { HelpDialog } from "./HelpDialog";

export function Header({ route }: { route: Route }) {
  const [help, setHelp] = useState(false);
  const running = useCallView(({ phase }) => phase === "running");
  useHotkeys({ "?": () => setHelp(true) });
  const talking = route.page === "talk";
  return (
    <header className="header">
      <Link href={TALK} className="header-brand" aria-label="Cymbol Travels, talk to Myra">
        <Brand />
      </Link>
      <nav className="nav" aria-label="Parts of the demo">
        <Link href={TALK} aria-current={talking ? "page" : undefined}>
          Talk
          {running && !talking && (
            <span className="nav-live">
              <span className="sr-only">, a call is running</span>
            </span>
          )}
        </Link>
        <Link href={CALLS} aria-current={route.page === "calls" || route.page === "call" ? "page" : undefined}>
          Calls
        </Link>
      </nav>
      <div className="header-end">
        <ThemeSwitch />
        <Button look="quiet" icon="help" iconOnly onClick={() => setHelp(true)}>
          Help and keys
        </Button>
        <SignOut />
      </div>
      <HelpDialog open={help} onClose={() => setHelp(false)} />
    </header>
  );
}

const NEXT: Record<Theme, { next: Theme; icon: IconName; says: string }> = {
  system: { next: "light", icon: "system", says: "Colours: as the system has them. Switch to light" },
  light: { next: "dark", icon: "sun", says: "Colours: light. Switch to dark" },
  dark: { next: "system", icon: "moon", says: "Colours: dark. Switch to the system's" },
};

function ThemeSwitch() {
  const { theme, setTheme } = useTheme();
  const { next, icon, says } = NEXT[theme];
  return (
    <Button look="quiet" icon={icon} iconOnly onClick={() => setTheme(next)}>
      {says}
    </Button>
  );
}

function SignOut() {
  const { me, reload } = useMe();
  if (!me.sign_in) return null;
  const signOut = async () => {
    await postJson("/sign-out", {});
    reload();
  };
  return (
    <Button look="quiet" size="small" onClick={() => void signOut().catch(reload)}>
      Sign out
    </Button>
  );
}
