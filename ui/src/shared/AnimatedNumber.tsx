import { Box } from "@mui/material";
import { useEffect, useRef, useState } from "react";
import { formatNumber } from "@/shared/format";

const DURATION_MS = 450;

function prefersStillness(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Walk from the number shown to a new one within half a second. */
function useGlide(target: number): number {
  const [shown, setShown] = useState(target);
  const from = useRef(target);
  useEffect(() => {
    const start = from.current;
    if (start === target) return;
    if (prefersStillness() || document.hidden) {
      from.current = target;
      setShown(target);
      return;
    }
    const began = performance.now();
    let frame = requestAnimationFrame(function step(now: number) {
      const part = Math.min((now - began) / DURATION_MS, 1);
      from.current = Math.round(start + (target - start) * (1 - (1 - part) ** 3));
      setShown(from.current);
      if (part < 1) frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [target]);
  return shown;
}

/** A number that glides to its new value and is lit for a moment when it changes. */
export function AnimatedNumber({ value }: { value: number }) {
  const shown = useGlide(value);
  const [changes, setChanges] = useState(0);
  const before = useRef(value);
  useEffect(() => {
    if (before.current === value) return;
    before.current = value;
    setChanges((count) => count + 1);
  }, [value]);
  return (
    <Box
      component="span"
      key={changes}
      data-value={value}
      className={changes ? "number number-changed" : "number"}
      sx={{ fontVariantNumeric: "tabular-nums" }}
    >
      {formatNumber(shown)}
    </Box>
  );
}
