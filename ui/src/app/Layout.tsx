import { Box, Drawer, IconButton, LinearProgress, Link as MuiLink, Toolbar } from "@mui/material";
import { useIsFetching, useIsMutating } from "@tanstack/react-query";
import { Menu } from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";
import { Error as ErrorPage } from "react-admin";
import { ErrorBoundary } from "react-error-boundary";
import { useLocation } from "react-router-dom";
import { Sidebar } from "@/app/Sidebar";

const WIDTH = 236;

/** The frame of every page: sidebar, and the page itself with its own error boundary. */
export function Layout({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  return (
    <Box sx={{ display: "flex", minHeight: "100vh" }}>
      <SkipLink />
      <Box
        component="aside"
        aria-label="Sidebar"
        sx={{
          display: { xs: "none", md: "block" },
          width: WIDTH,
          flexShrink: 0,
          position: "sticky",
          top: 0,
          height: "100vh",
          borderRight: 1,
          borderColor: "divider",
          bgcolor: "background.paper",
        }}
      >
        <Sidebar />
      </Box>
      <Drawer open={open} onClose={() => setOpen(false)} slotProps={{ paper: { sx: { width: WIDTH } } }}>
        <Sidebar onNavigate={() => setOpen(false)} />
      </Drawer>
      <Box sx={{ flex: 1, minWidth: 0, position: "relative" }}>
        <Loading />
        <Toolbar sx={{ display: { md: "none" }, minHeight: "52px !important" }}>
          <IconButton edge="start" aria-label="Open the menu" onClick={() => setOpen(true)}>
            <Menu size={22} aria-hidden />
          </IconButton>
        </Toolbar>
        <Box
          component="main"
          id="main-content"
          tabIndex={-1}
          sx={{
            px: { xs: 2, md: 4 },
            pt: { xs: 1, md: 3.5 },
            pb: 6,
            maxWidth: 1480,
            mx: "auto",
            outline: "none",
          }}
        >
          <ErrorBoundary resetKeys={[pathname]} FallbackComponent={ErrorPage as never}>
            <Suspense fallback={<LinearProgress aria-label="Loading the page" />}>{children}</Suspense>
          </ErrorBoundary>
        </Box>
      </Box>
    </Box>
  );
}

function Loading() {
  // What refreshes itself every second is no news; what has never been seen is.
  const isFetching = useIsFetching({ predicate: (query) => query.state.data === undefined });
  const isLoading = isFetching + useIsMutating() > 0;
  return (
    <Box
      sx={{ position: "fixed", top: 0, left: 0, right: 0, zIndex: 1300, height: 2, overflow: "hidden" }}
      aria-hidden
    >
      {isLoading && <LinearProgress sx={{ height: 2, borderRadius: 0 }} />}
    </Box>
  );
}

function SkipLink() {
  return (
    <MuiLink
      href="#main-content"
      onClick={(event) => {
        event.preventDefault();
        document.getElementById("main-content")?.focus();
      }}
      sx={{
        position: "fixed",
        left: 12,
        top: -60,
        zIndex: 2000,
        px: 2,
        py: 1,
        borderRadius: 2,
        bgcolor: "background.paper",
        "&:focus": { top: 12 },
      }}
    >
      Skip to the content
    </MuiLink>
  );
}
