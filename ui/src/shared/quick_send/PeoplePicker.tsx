import { Box, Chip, FormHelperText, Typography } from "@mui/material";
import { CircleX } from "lucide-react";
import { useGetMany } from "react-admin";
import { describeContact, RecordPicker } from "@/shared/RecordPicker";

interface Props {
  people: number[];
  most: number;
  onChange: (people: number[]) => void;
}

const BY_ADDRESS = { field: "email", order: "ASC" as const };

/** A few people, added one at a time. */
export function PeoplePicker({ people, most, onChange }: Props) {
  const { data } = useGetMany("contacts", { ids: people });
  const named = new Map((data ?? []).flatMap((contact) => (contact ? [[Number(contact.id), contact]] : [])));
  const isFull = people.length >= most;
  return (
    <Box sx={{ my: 1.5 }}>
      <Typography component="p" sx={{ fontSize: 13, fontWeight: 550, mb: 0.5 }}>
        To
      </Typography>
      <Box
        component="ul"
        aria-label="People who get it"
        sx={{ listStyle: "none", m: 0, p: 0, mb: 1, display: "flex", flexWrap: "wrap", gap: 0.75 }}
      >
        {people.map((id) => {
          const contact = named.get(id);
          const words = contact ? describeContact(contact) : `#${id}`;
          return (
            <li key={id}>
              <Chip
                label={words}
                onDelete={() => onChange(people.filter((each) => each !== id))}
                deleteIcon={<CircleX size={17} role="button" aria-label={`Take ${words} away`} />}
                sx={{ maxWidth: 320 }}
              />
            </li>
          );
        })}
      </Box>
      <RecordPicker
        key={people.length}
        resource="contacts"
        label="Add a person"
        hideLabel
        value={null}
        describe={describeContact}
        sort={BY_ADDRESS}
        disabled={isFull}
        onChange={(id) => id !== null && !people.includes(id) && onChange([...people, id])}
      />
      <FormHelperText error={people.length > most}>
        {`A quick send is for at most ${most} people. For more, draw a journey.`}
      </FormHelperText>
    </Box>
  );
}
