import { Box, Typography } from "@mui/material";
import {
  Activity,
  Blocks,
  Building2,
  CalendarCheck,
  CalendarDays,
  ClipboardCheck,
  Columns3,
  Gauge,
  Globe,
  Handshake,
  House,
  Images,
  KeyRound,
  Languages,
  LayoutTemplate,
  LifeBuoy,
  Link2Off,
  ListChecks,
  type LucideIcon,
  Mail,
  MailCheck,
  MailX,
  RadioTower,
  Route,
  Settings2,
  Undo2,
  Upload,
  UserCog,
  Users,
  UsersRound,
  Waypoints,
  Webhook,
} from "lucide-react";
import { useEffect, useRef } from "react";
import { NavLink, useLocation } from "react-router-dom";
import { AccountMenu } from "@/app/AccountMenu";
import { useMay, useSeesEverything } from "@/shared/permissions";

interface Item {
  to: string;
  label: string;
  icon: LucideIcon;
  /** Whose it is; nothing: everybody's. */
  only?: "editors" | "managers" | "administrators";
}

const GROUPS: { title: string; items: Item[] }[] = [
  {
    title: "",
    items: [
      { to: "/", label: "Home", icon: House },
      { to: "/journeys", label: "Journeys", icon: Waypoints },
      { to: "/emails", label: "Emails", icon: Mail },
      { to: "/activities", label: "Activities", icon: ClipboardCheck },
      { to: "/leads", label: "Leads", icon: Handshake },
    ],
  },
  {
    title: "Content",
    items: [
      { to: "/email-templates", label: "Email templates", icon: LayoutTemplate },
      { to: "/content-blocks", label: "Content blocks", icon: Blocks },
      { to: "/assets", label: "Asset library", icon: Images },
      { to: "/calendar-events", label: "Calendar events", icon: CalendarDays },
      { to: "/translate-template", label: "Translate a template", icon: Languages, only: "editors" },
    ],
  },
  {
    title: "Audience",
    items: [
      { to: "/contacts", label: "Contacts", icon: Users },
      { to: "/companies", label: "Companies", icon: Building2 },
      { to: "/segments", label: "Segments", icon: UsersRound },
      { to: "/lists", label: "Subscription lists", icon: ListChecks },
      { to: "/imports", label: "Imports", icon: Upload },
    ],
  },
  {
    title: "Delivery",
    items: [
      { to: "/deliverability", label: "Deliverability", icon: MailCheck },
      { to: "/sending-domains", label: "Sending domains", icon: Globe },
      { to: "/providers", label: "Providers", icon: Route, only: "managers" },
      { to: "/sending-limits", label: "Sending limits", icon: Gauge },
      { to: "/suppressions", label: "Suppressed addresses", icon: MailX, only: "managers" },
      { to: "/returned-mails", label: "Returned mails", icon: Undo2, only: "managers" },
      { to: "/blocked-hosts", label: "Blocked links", icon: Link2Off },
    ],
  },
  {
    title: "Settings",
    items: [
      { to: "/content-settings", label: "Content settings", icon: Settings2 },
      { to: "/double-opt-in", label: "Double opt-in", icon: MailCheck },
      { to: "/activity-templates", label: "Activity templates", icon: CalendarCheck },
      { to: "/workflows", label: "Workflows", icon: Webhook },
      { to: "/channels", label: "Custom channels", icon: RadioTower },
      { to: "/recovery-items", label: "Recovery items", icon: LifeBuoy },
      { to: "/api-keys", label: "API keys", icon: KeyRound },
    ],
  },
  {
    title: "Administration",
    items: [
      { to: "/custom-columns", label: "Custom columns", icon: Columns3, only: "administrators" },
      { to: "/users", label: "Users", icon: UserCog, only: "administrators" },
      { to: "/health", label: "Health", icon: Activity, only: "administrators" },
    ],
  },
];

export function Sidebar({ onNavigate }: { onNavigate?: () => void }) {
  const menu = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page that is shown decides which link is active
  useEffect(() => {
    menu.current?.querySelector(".active")?.scrollIntoView?.({ block: "nearest" });
  }, [pathname]);
  const mine = {
    editors: useMay("edit"),
    managers: useSeesEverything(),
    administrators: useMay("administer"),
  };
  const groups = GROUPS.map((group) => ({
    ...group,
    items: group.items.filter((item) => !item.only || mine[item.only]),
  })).filter((group) => group.items.length > 0);
  return (
    <Box sx={{ display: "flex", flexDirection: "column", height: "100%", px: 1.5, py: 2 }}>
      <Brand />
      <Box component="nav" ref={menu} aria-label="Main" sx={{ flex: 1, overflowY: "auto", mt: 2 }}>
        {groups.map((group) => (
          <Box key={group.title} sx={{ mb: 2 }}>
            {group.title && (
              <Typography
                variant="caption"
                component="p"
                sx={{ px: 1.25, mb: 0.5, fontWeight: 570, color: "text.secondary" }}
              >
                {group.title}
              </Typography>
            )}
            {group.items.map((item) => (
              <SidebarLink key={item.to} item={item} onNavigate={onNavigate} />
            ))}
          </Box>
        ))}
      </Box>
      <AccountMenu />
    </Box>
  );
}

function Brand() {
  return (
    <Box sx={{ display: "flex", alignItems: "center", gap: 1.25, px: 1, pt: 0.5 }}>
      <img src="/senet.svg" width={28} height={28} alt="" />
      <Typography component="span" sx={{ fontSize: 18, fontWeight: 660, letterSpacing: "-0.02em" }}>
        Senet
      </Typography>
    </Box>
  );
}

function SidebarLink({ item, onNavigate }: { item: Item; onNavigate: (() => void) | undefined }) {
  const Icon = item.icon;
  return (
    <Box
      component={NavLink}
      to={item.to}
      end={item.to === "/"}
      {...(onNavigate ? { onClick: onNavigate } : {})}
      sx={{
        display: "flex",
        alignItems: "center",
        gap: 1.25,
        px: 1.25,
        py: 0.85,
        mb: "1px",
        borderRadius: 2,
        color: "text.secondary",
        fontSize: 14,
        fontWeight: 520,
        textDecoration: "none",
        "&:hover": { bgcolor: "action.hover", color: "text.primary" },
        "&.active": { bgcolor: "action.selected", color: "primary.main", fontWeight: 600 },
      }}
    >
      <Icon size={18} strokeWidth={1.8} aria-hidden />
      {item.label}
    </Box>
  );
}
