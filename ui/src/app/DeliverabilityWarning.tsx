import { Alert, Link } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { Link as RouterLink } from "react-router-dom";
import { sayRate } from "@/features/delivery/judged_rates";
import { call } from "@/shared/http";
import type { Deliverability } from "@/shared/model";

/** What providers may soon punish, where one begins the day; nothing while all is well. */
export function DeliverabilityWarning() {
  const { data } = useQuery({
    queryKey: ["deliverability"],
    queryFn: () => call<Deliverability>("/insights/deliverability"),
    staleTime: 60_000,
  });
  if (!data) return null;
  const said = [sayRate("bounces", data.bounces), sayRate("complaints", data.complaints)];
  return said
    .filter(({ severity }) => severity === "warning" || severity === "error")
    .map(({ severity, sentence }) => (
      <Alert key={sentence} severity={severity as "warning" | "error"} sx={{ mb: 2 }}>
        {sentence}{" "}
        <Link component={RouterLink} to="/deliverability">
          See the numbers
        </Link>
      </Alert>
    ));
}
