import { UserCog } from "lucide-react";
import {
  BooleanInput,
  CreateBase,
  DataTable,
  EditBase,
  PasswordInput,
  ReferenceInput,
  required,
  SelectInput,
  TextInput,
  useRecordContext,
} from "react-admin";
import { Fields } from "@/shared/Fields";
import { FormPage } from "@/shared/FormPage";
import { formatRelative, humanise } from "@/shared/format";
import type { User } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { ResourceList } from "@/shared/ResourceList";
import { Section } from "@/shared/Section";
import { YesNo } from "@/shared/YesNo";

const PARENT = { label: "Users", to: "/users" };
const ROLES = [
  { id: "administrator", name: "Administrator: everything" },
  { id: "marketing_manager", name: "Marketing manager: all business units" },
  { id: "marketer", name: "Marketer: the own business unit" },
  { id: "viewer", name: "Viewer: looks, changes nothing" },
];
const FILTERS = [
  { name: "role", label: "Role", choices: ROLES.map(({ id }) => ({ value: id, label: humanise(id) })) },
  {
    name: "is_active",
    label: "Active",
    choices: [
      { value: "true", label: "yes" },
      { value: "false", label: "no" },
    ],
  },
];

export function UserList() {
  return (
    <ResourceList
      title="Users"
      noun="user"
      icon={UserCog}
      createLabel="New user"
      emptySentence="Add your colleagues, each with the role that fits."
      filters={FILTERS}
      sort={{ field: "name", order: "ASC" }}
    >
      <DataTable.Col source="name" />
      <DataTable.Col source="email" />
      <DataTable.Col source="role" render={(record) => humanise(record.role)} disableSort />
      <DataTable.Col
        source="is_active"
        label="Active"
        disableSort
        render={(record) => <YesNo value={record.is_active} />}
      />
      <DataTable.Col
        source="last_login"
        label="Last seen"
        disableSort
        render={(record) => formatRelative(record.last_login)}
      />
    </ResourceList>
  );
}

export function UserCreate() {
  return (
    <CreateBase redirect="list">
      <PageHeader parent={PARENT} title="New user" />
      <FormPage saveLabel="Create user" defaultValues={{ name: "", email: "", role: "marketer" }}>
        <UserFields isNew />
      </FormPage>
    </CreateBase>
  );
}

export function UserEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false}>
      <UserPage />
    </EditBase>
  );
}

function UserPage() {
  const user = useRecordContext<User & { id: number }>();
  if (!user) return null;
  return (
    <>
      <PageHeader parent={PARENT} title={user.name || user.email} />
      <FormPage>
        <UserFields />
      </FormPage>
    </>
  );
}

function UserFields({ isNew = false }: { isNew?: boolean }) {
  return (
    <Section title="User">
      <Fields>
        <TextInput source="name" validate={required()} />
        <TextInput source="email" type="email" validate={required()} disabled={!isNew} />
        <SelectInput source="role" choices={ROLES} validate={required()} />
        <ReferenceInput
          source="business_unit_id"
          reference="business-units"
          sort={{ field: "name", order: "ASC" }}
        >
          <SelectInput label="Business unit" validate={required()} />
        </ReferenceInput>
        <PasswordInput
          source="password"
          label={isNew ? "Password" : "New password"}
          autoComplete="new-password"
          {...(isNew ? { validate: required() } : {})}
        />
        {!isNew && <BooleanInput source="is_active" label="May sign in" />}
      </Fields>
    </Section>
  );
}
