import type { ComponentProps } from "react";

import { navigate } from "../../hooks/useRoute";

/** A link within the page; with a modifier or another button the browser does what it does. */
export function Link({ href, ...rest }: Omit<ComponentProps<"a">, "href" | "onClick"> & { href: string }) {
  return (
    <a
      href={href}
      {...rest}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
        event.preventDefault();
        navigate(href);
      }}
    />
  );
}
