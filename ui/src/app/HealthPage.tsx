import { Alert } from "@mui/material";
import { HealthList } from "@/app/HealthList";
import { useHealth } from "@/shared/health";
import { PageHeader } from "@/shared/PageHeader";
import { Section } from "@/shared/Section";

export function HealthPage() {
  const { data, error } = useHealth();
  return (
    <>
      <PageHeader title="Health" subtitle="What runs, what does not, and what to do about it." />
      {error && <Alert severity="error">Senet does not answer.</Alert>}
      {data && (
        <Section title={data.status === "ok" ? "Everything works" : "Something does not work"}>
          <HealthList components={data.components} />
        </Section>
      )}
    </>
  );
}
