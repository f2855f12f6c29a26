import { MenuItem, TextField } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { call } from "@/shared/http";
import type { EmailLink } from "@/shared/model";
import type { Rule } from "../definition";

interface Props {
  emailId: number | null;
  /** The A/B test of the email's tile. */
  testId: number | null;
  rule: Rule;
  change: (rule: Rule) => void;
}

/** Chooses a link of an email: of version A, or one that only version B has. What counts is where it leads. */
export function LinkField({ emailId, testId, rule, change }: Props) {
  const ofA = useLinks(`/emails/${emailId}/links`, emailId !== null);
  const ofB = useLinks(`/ab-tests/${testId}/links`, testId !== null);
  const onlyB = ofB.filter((link) => !ofA.some((each) => each.url === link.url));
  const choices = [
    ...ofA.map((link) => ({ link, variant: "a" as const })),
    ...onlyB.map((link) => ({ link, variant: "b" as const })),
  ];
  const chosen = choices.findIndex(
    ({ link, variant }) => link.number === rule.link && variant === rule.variant,
  );
  return (
    <TextField
      select
      hiddenLabel
      value={chosen < 0 ? "" : String(chosen)}
      onChange={(event) => {
        const choice = choices[Number(event.target.value)];
        if (choice) change({ ...rule, link: choice.link.number, variant: choice.variant });
      }}
      helperText={ofA.length === 0 ? "Take the email live to choose one of its links." : undefined}
      slotProps={{ select: { displayEmpty: true, SelectDisplayProps: { "aria-label": "Link" } } }}
      sx={{ flex: "1 1 100%" }}
    >
      <MenuItem value="" disabled>
        Choose a link
      </MenuItem>
      {choices.map(({ link, variant }, at) => (
        <MenuItem key={`${variant}${link.number}`} value={String(at)}>
          {link.label || link.url}
          {variant === "b" && " (only in version B)"}
        </MenuItem>
      ))}
    </TextField>
  );
}

function useLinks(path: string, enabled: boolean): EmailLink[] {
  const found = useQuery({ queryKey: ["links", path], queryFn: () => call<EmailLink[]>(path), enabled });
  return found.data ?? [];
}
