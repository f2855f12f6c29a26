import { Box, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { formatDateTime, humanise } from "@/shared/format";
import { call } from "@/shared/http";
import type { Interaction } from "@/shared/model";
import { Section } from "@/shared/Section";

/** What happened with a contact, the latest first. */
export function Timeline({ contactId }: { contactId: number }) {
  const { data, error } = useQuery({
    queryKey: ["timeline", contactId],
    queryFn: () => call<{ items: Interaction[] }>(`/contacts/${contactId}/timeline`),
    refetchInterval: 10_000,
    retry: false,
  });
  if (error) return null;
  return (
    <Section title="Timeline" sx={{ mt: 3 }}>
      {data?.items.length === 0 && <Typography color="text.secondary">Nothing has happened yet.</Typography>}
      <Box component="ol" sx={{ listStyle: "none", p: 0, m: 0 }}>
        {data?.items.map((item, number) => (
          <Box
            component="li"
            // biome-ignore lint/suspicious/noArrayIndexKey: two interactions may be equal in everything
            key={number}
            title={item.meaning}
            sx={{ display: "flex", gap: 2, py: 0.75, borderTop: number ? 1 : 0, borderColor: "divider" }}
          >
            <Typography variant="body2" sx={{ flex: 1, fontWeight: 550 }}>
              {humanise(item.type)}
              {item.reason && ` (${humanise(item.reason).toLowerCase()})`}
            </Typography>
            <Typography variant="body2" color="text.secondary">
              {formatDateTime(item.at)}
            </Typography>
          </Box>
        ))}
      </Box>
    </Section>
  );
}
