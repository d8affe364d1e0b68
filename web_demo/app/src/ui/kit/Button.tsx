import type { ComponentProps, ReactNode } from "react";

import { Icon, type IconName } from "./Icon";

type Look = "plain" | "primary" | "danger" | "quiet";

type ButtonProps = Omit<ComponentProps<"button">, "className"> & {
  look?: Look;
  icon?: IconName;
  /** A square button: its text is for screen readers and shown on hovering. */
  iconOnly?: boolean;
  size?: "normal" | "large" | "small";
  children: ReactNode;
};

export function Button({ look = "plain", icon, iconOnly = false, size = "normal", children, ...rest }: ButtonProps) {
  const className = `button button-${look} button-${size}${iconOnly ? " button-square" : ""}`;
  const title = iconOnly && typeof children === "string" ? children : undefined;
  return (
    <button type="button" className={className} title={title} {...rest}>
      {icon && <Icon name={icon} size={size === "small" ? 16 : 20} />}
      <span className={iconOnly ? "sr-only" : undefined}>{children}</span>
    </button>
  );
}
