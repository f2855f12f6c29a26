import type { CSSProperties, IframeHTMLAttributes } from "react";

interface Props extends Pick<IframeHTMLAttributes<HTMLIFrameElement>, "loading" | "tabIndex"> {
  title: string;
  /** Where it is, or what it is. */
  src?: string;
  srcDoc?: string;
  style: CSSProperties;
}

/**
 * What somebody wrote, shown in an origin of its own without scripts, forms or windows.
 *
 * Another address is another frame: Chromium forgets a frame's new address when it comes while the old one is about to
 * be shown, and would go on showing the mail of the person who was chosen before.
 */
export function PreviewFrame({ style, ...props }: Props) {
  return (
    <iframe
      key={props.src ?? props.srcDoc}
      sandbox=""
      referrerPolicy="no-referrer"
      {...props}
      style={{ border: 0, background: "#fff", ...style }}
    />
  );
}
