import { Box, Table, TableBody, TableCell, TableHead, TableRow, Typography } from "@mui/material";
import { formatNumber, formatRatio } from "@/shared/format";
import { useGlossary } from "@/shared/glossary";
import { InfoTip } from "@/shared/InfoTip";
import type { TopLink } from "@/shared/model";
import { Section } from "@/shared/Section";

const OF_CLICKED = "Messages in which this link was clicked, as a share of the messages with any click.";
const OF_DELIVERED = "Messages in which this link was clicked, as a share of the messages delivered.";

/** The ten links that were clicked most, with both rates that go by the name of link CTR. */
export function TopLinks({ links }: { links: TopLink[] }) {
  const glossary = useGlossary();
  const most = Math.max(1, ...links.map((link) => link.unique_clicks));
  return (
    <Section title="Top links" flush>
      {links.length === 0 ? (
        <Typography color="textSecondary" sx={{ px: 2.5, pb: 2.5 }}>
          No link has been clicked yet.
        </Typography>
      ) : (
        <Table aria-label="Top links">
          <TableHead>
            <TableRow>
              <TableCell>Link</TableCell>
              <NumberHead label="Total clicks" tip={glossary.get("clicks")?.description} />
              <NumberHead label="Unique clicks" tip={glossary.get("unique_link_clicks")?.description} />
              <NumberHead label="Of clickers" tip={OF_CLICKED} />
              <NumberHead label="Of delivered" tip={OF_DELIVERED} />
            </TableRow>
          </TableHead>
          <TableBody>
            {links.map((link) => (
              <TableRow key={`${link.link} ${link.url}`}>
                <TableCell component="th" scope="row" sx={{ maxWidth: 460 }}>
                  <Typography variant="body2" noWrap sx={{ fontWeight: 570 }}>
                    {link.label || link.url}
                  </Typography>
                  {link.label && (
                    <Typography variant="caption" noWrap component="p" color="textSecondary">
                      {link.url}
                    </Typography>
                  )}
                  <Box sx={{ height: 4, borderRadius: 9, mt: 0.75, bgcolor: "action.selected" }} aria-hidden>
                    <Box
                      sx={{
                        height: 4,
                        borderRadius: 9,
                        bgcolor: "primary.main",
                        width: `${(link.unique_clicks / most) * 100}%`,
                      }}
                    />
                  </Box>
                </TableCell>
                <TableCell align="right">{formatNumber(link.total_clicks)}</TableCell>
                <TableCell align="right">{formatNumber(link.unique_clicks)}</TableCell>
                <TableCell align="right">{formatRatio(link.link_ctr)}</TableCell>
                <TableCell align="right">{formatRatio(link.link_ctr_delivered)}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Section>
  );
}

function NumberHead({ label, tip }: { label: string; tip: string | undefined }) {
  return (
    <TableCell align="right">
      {label} <InfoTip label={label} text={tip} />
    </TableCell>
  );
}
