import { Alert, Box, Button, Checkbox, Paper, Typography } from "@mui/material";
import { Download, type LucideIcon, Plus } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import {
  ColumnsButton,
  DataTable,
  ListBase,
  type RaRecord,
  type SortPayload,
  useListContext,
  useResourceContext,
} from "react-admin";
import { Link } from "react-router-dom";
import { EmptyState } from "@/shared/EmptyState";
import { sentenceOf } from "@/shared/errors";
import { formatCount, formatNumber } from "@/shared/format";
import { API, withQuery } from "@/shared/http";
import { type FilterSpec, ListFilters } from "@/shared/ListFilters";
import { ListPages } from "@/shared/ListPages";
import { PageHeader } from "@/shared/PageHeader";
import { useMay } from "@/shared/permissions";

interface Props {
  title: string;
  /** One record in words: "contact". */
  noun: string;
  nouns?: string;
  subtitle?: string;
  icon: LucideIcon;
  /** What to do when there is nothing yet, in a sentence. */
  emptySentence: string;
  createLabel?: string;
  /** Whether the records can be exported as CSV. */
  exportable?: boolean;
  filters?: FilterSpec[];
  searchLabel?: string;
  sort?: SortPayload;
  moreActions?: ReactNode;
  /** What can be done with the rows that are chosen; nothing: rows cannot be chosen. */
  bulkActions?: ReactNode;
  hiddenColumns?: string[];
  rowClick?: string | false | ((id: RaRecord["id"], resource: string, record: RaRecord) => string | false);
  children: ReactNode;
}

const CELL = { whiteSpace: "nowrap", maxWidth: 340, overflow: "hidden", textOverflow: "ellipsis" };
const NEWEST: SortPayload = { field: "id", order: "DESC" };

/** A list as every room shows it: search, filters, sortable columns one can choose, export, pages, a first step. */
export function ResourceList({ sort = NEWEST, ...props }: Props) {
  return (
    <ListBase sort={sort} perPage={25} disableSyncWithLocation={false}>
      <ListPage {...props} />
    </ListBase>
  );
}

function ListPage(props: Omit<Props, "sort">) {
  const { total, isPending, error, filterValues } = useListContext();
  const mayEdit = useMay("edit");
  const resource = useResourceContext();
  const isFiltered = Object.values(filterValues).some((value) => value !== "" && value !== undefined);
  const isEmpty = !isPending && !error && total === 0 && !isFiltered;
  const create = props.createLabel && mayEdit && (
    <Button
      component={Link}
      to={`/${resource}/create`}
      variant="contained"
      startIcon={<Plus size={18} aria-hidden />}
    >
      {props.createLabel}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={props.title}
        subtitle={
          props.subtitle ??
          (total === undefined || isEmpty ? " " : formatCount(total, props.noun, props.nouns))
        }
        actions={
          <>
            {props.exportable && !isEmpty && <ExportButton />}
            {props.moreActions}
            {create}
          </>
        }
      />
      {error && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {sentenceOf(error)}
        </Alert>
      )}
      <Paper variant="outlined">
        {isEmpty ? (
          <EmptyState
            icon={props.icon}
            title={`No ${props.nouns ?? `${props.noun}s`} yet`}
            sentence={props.emptySentence}
            action={create}
          />
        ) : (
          <ListTable {...props} />
        )}
      </Paper>
    </>
  );
}

function ListTable({
  filters,
  searchLabel,
  hiddenColumns,
  rowClick,
  bulkActions,
  children,
  noun,
  nouns,
  icon,
}: Omit<Props, "sort">) {
  const nothing: ReactElement = (
    <EmptyState
      icon={icon}
      title="Nothing matches"
      sentence={`No ${nouns ?? `${noun}s`} match the search and filters. Take some of them away.`}
    />
  );
  return (
    <>
      <Box
        sx={{
          display: "flex",
          alignItems: "center",
          gap: 1,
          p: 1.5,
          borderBottom: 1,
          borderColor: "divider",
        }}
      >
        <ListFilters filters={filters ?? []} searchLabel={searchLabel ?? `Search ${nouns ?? `${noun}s`}`} />
        <Box sx={{ flex: 1 }} />
        <ColumnsButton />
      </Box>
      {bulkActions && <ChosenRows>{bulkActions}</ChosenRows>}
      <Box sx={{ overflowX: "auto", "& td": CELL }}>
        <DataTable
          bulkActionButtons={false}
          rowClick={rowClick ?? "edit"}
          empty={nothing}
          {...(hiddenColumns ? { hiddenColumns } : {})}
        >
          {bulkActions && (
            <DataTable.Col
              source="chosen"
              label="Choose"
              disableSort
              render={(record) => <ChooseRow record={record as RaRecord} />}
            />
          )}
          {children}
        </DataTable>
      </Box>
      <ListPages />
    </>
  );
}

/** A box with a name of its own; react-admin's has none for those who cannot see its row. */
function ChooseRow({ record }: { record: RaRecord }) {
  const { selectedIds, onToggleItem } = useListContext();
  return (
    <Checkbox
      size="small"
      checked={selectedIds.includes(record.id)}
      onClick={(event) => event.stopPropagation()}
      onChange={() => onToggleItem(record.id)}
      slotProps={{ input: { "aria-label": `Choose ${record.name || record.email || record.id}` } }}
      sx={{ m: -1 }}
    />
  );
}

/** How many rows are chosen, and what can be done with them. */
function ChosenRows({ children }: { children: ReactNode }) {
  const { data, selectedIds, onSelect, onUnselectItems } = useListContext();
  const shown = (data ?? []).map((record: RaRecord) => record.id);
  const isWhole = shown.every((id) => selectedIds.includes(id));
  if (selectedIds.length === 0) return null;
  return (
    <Box
      sx={{
        display: "flex",
        flexWrap: "wrap",
        alignItems: "center",
        gap: 1,
        px: 2,
        py: 0.75,
        borderBottom: 1,
        borderColor: "divider",
        bgcolor: "action.selected",
      }}
    >
      <Typography variant="body2" role="status" sx={{ fontWeight: 570 }}>
        {`${formatNumber(selectedIds.length)} chosen`}
      </Typography>
      {children}
      {!isWhole && (
        <Button
          color="inherit"
          size="small"
          onClick={() => onSelect([...new Set([...selectedIds, ...shown])])}
        >
          Choose the whole page
        </Button>
      )}
      <Button color="inherit" size="small" onClick={() => onUnselectItems()}>
        Choose none
      </Button>
    </Box>
  );
}

/** A link to the server's own CSV of what is shown: same search, filters and order, all pages. */
function ExportButton() {
  const { filterValues, sort } = useListContext();
  const resource = useResourceContext();
  const mayExport = useMay("export");
  if (!mayExport) return null;
  const order = `${sort.order === "DESC" ? "-" : ""}${sort.field}`;
  const address = withQuery(`${API}/${resource}/export.csv`, { ...filterValues, sort: order });
  return (
    <Button
      component="a"
      href={address}
      download
      color="inherit"
      startIcon={<Download size={18} aria-hidden />}
    >
      Export
    </Button>
  );
}
