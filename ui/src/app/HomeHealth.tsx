import { HealthList } from "@/app/HealthList";
import { useHealth } from "@/shared/health";
import { Section } from "@/shared/Section";

export function HomeHealth() {
  const { data } = useHealth();
  if (!data) return null;
  return (
    <Section
      title="Health"
      description={data.status === "ok" ? "Everything works." : "Something does not work."}
    >
      <HealthList components={data.components} />
    </Section>
  );
}
