import { Avatar, Box, ButtonBase, Divider, ListItemIcon, Menu, MenuItem, Typography } from "@mui/material";
import { ChevronsUpDown, LogOut, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { useGetIdentity, useLogout, useTheme } from "react-admin";
import { ForScreenReaders } from "@/shared/ForScreenReaders";
import { humanise } from "@/shared/format";

/** Who is signed in, at the foot of the sidebar: light or dark, and the way out. */
export function AccountMenu() {
  const { identity } = useGetIdentity();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [theme, setTheme] = useTheme();
  const logout = useLogout();
  const isDark = theme === "dark";
  const name = identity?.fullName || String(identity?.email ?? "");
  return (
    <>
      <ButtonBase
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{
          borderRadius: 2,
          p: 1,
          gap: 1.25,
          justifyContent: "flex-start",
          "&:hover": { bgcolor: "action.hover" },
        }}
      >
        <Avatar
          aria-hidden
          sx={{ width: 30, height: 30, fontSize: 13, bgcolor: "primary.main", color: "primary.contrastText" }}
        >
          {name.charAt(0).toUpperCase()}
        </Avatar>
        <ForScreenReaders>Account of</ForScreenReaders>
        <Box sx={{ textAlign: "left", minWidth: 0, flex: 1 }}>
          <Typography variant="body2" noWrap sx={{ fontWeight: 570 }}>
            {name}
          </Typography>
          <Typography variant="caption" noWrap component="p" color="textSecondary">
            {humanise(String(identity?.role ?? ""))}
          </Typography>
        </Box>
        <ChevronsUpDown size={16} aria-hidden />
      </ButtonBase>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: "top", horizontal: "left" }}
        transformOrigin={{ vertical: "bottom", horizontal: "left" }}
      >
        <MenuItem disabled sx={{ opacity: "1 !important" }}>
          <Typography variant="body2" color="textSecondary">
            {String(identity?.email ?? "")}
          </Typography>
        </MenuItem>
        <Divider />
        <MenuItem onClick={() => setTheme(isDark ? "light" : "dark")}>
          <ListItemIcon>
            {isDark ? <Sun size={18} aria-hidden /> : <Moon size={18} aria-hidden />}
          </ListItemIcon>
          {isDark ? "Light theme" : "Dark theme"}
        </MenuItem>
        <MenuItem onClick={() => logout()}>
          <ListItemIcon>
            <LogOut size={18} aria-hidden />
          </ListItemIcon>
          Sign out
        </MenuItem>
      </Menu>
    </>
  );
}
