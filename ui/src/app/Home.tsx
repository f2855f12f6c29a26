import { Box } from "@mui/material";
import { useGetIdentity } from "react-admin";
import { DeliverabilityWarning } from "@/app/DeliverabilityWarning";
import { HomeHealth } from "@/app/HomeHealth";
import { LiveJourneys } from "@/app/LiveJourneys";
import { NextSteps } from "@/app/NextSteps";
import { RecentEmails } from "@/app/RecentEmails";
import { PageHeader } from "@/shared/PageHeader";
import { useMay } from "@/shared/permissions";

function greet(name: string): string {
  const hour = new Date().getHours();
  const time = hour < 12 ? "morning" : hour < 18 ? "afternoon" : "evening";
  return name ? `Good ${time}, ${name.split(" ")[0]}` : `Good ${time}`;
}

/** Where one begins: what runs now, how the last emails do, what is still to be set up. */
export function Home() {
  const { identity } = useGetIdentity();
  const mayAdminister = useMay("administer");
  return (
    <>
      <PageHeader title={greet(identity?.fullName ?? "")} subtitle="Here is what is happening." />
      <DeliverabilityWarning />
      <NextSteps />
      <LiveJourneys />
      <Box sx={{ display: "flex", flexWrap: "wrap", columnGap: 3, alignItems: "flex-start" }}>
        <Box sx={{ flex: "2 1 560px", minWidth: 0, "&:empty": { display: "none" } }}>
          <RecentEmails />
        </Box>
        {mayAdminister && (
          <Box sx={{ flex: "1 1 320px", minWidth: 0 }}>
            <HomeHealth />
          </Box>
        )}
      </Box>
    </>
  );
}
