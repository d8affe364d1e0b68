import type { ReactNode } from "react";

import { Icon, type IconName } from "./Icon";

const ICONS: Record<"info" | "warning" | "error", IconName> = { info: "info", warning: "alert", error: "alert" };

type BannerProps = { level: "info" | "warning" | "error"; title?: string; text: string; children?: ReactNode };

/** A message with its way on; errors interrupt a screen reader, the others wait. */
export function Banner({ level, title, text, children }: BannerProps) {
  return (
    <div className={`banner banner-${level}`} role={level === "error" ? "alert" : "status"}>
      <Icon name={ICONS[level]} />
      <div className="banner-words">
        {title && <strong>{title}</strong>}
        <span>{text}</span>
      </div>
      {children && <div className="banner-ways">{children}</div>}
    </div>
  );
}
