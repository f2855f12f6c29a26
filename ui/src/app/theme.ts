import { createTheme, type PaletteOptions, type ThemeOptions } from "@mui/material";

/* Lapis, faience, gold and carnelian: what the board game's pieces were made of. */
const light: PaletteOptions = {
  mode: "light",
  primary: { main: "#23408e", contrastText: "#ffffff" },
  secondary: { main: "#0d6f69", contrastText: "#ffffff" },
  success: { main: "#0d766f" },
  warning: { main: "#946200" },
  error: { main: "#b0402a" },
  info: { main: "#3a6ea8" },
  background: { default: "#f7f6f3", paper: "#ffffff" },
  text: { primary: "#1b2033", secondary: "#575e70" },
  divider: "#e5e2db",
  action: { hover: "rgba(35, 64, 142, 0.05)", selected: "rgba(35, 64, 142, 0.09)" },
};

const dark: PaletteOptions = {
  mode: "dark",
  primary: { main: "#9db4f5", contrastText: "#0f1424" },
  secondary: { main: "#57c9bf", contrastText: "#0d1a19" },
  success: { main: "#55c7bc" },
  warning: { main: "#e3b655" },
  error: { main: "#f0937c" },
  info: { main: "#86b5e8" },
  background: { default: "#11131a", paper: "#191c26" },
  text: { primary: "#eceef5", secondary: "#a3a9bb" },
  divider: "#2c3140",
  action: { hover: "rgba(157, 180, 245, 0.07)", selected: "rgba(157, 180, 245, 0.14)" },
};

const FONT = '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
export const MONO = 'ui-monospace, "SFMono-Regular", "JetBrains Mono", Menlo, Consolas, monospace';

const typography: ThemeOptions["typography"] = {
  fontFamily: FONT,
  fontSize: 14,
  h1: { fontSize: 25, fontWeight: 640, letterSpacing: "-0.018em", lineHeight: 1.25 },
  h2: { fontSize: 16, fontWeight: 620, letterSpacing: "-0.008em", lineHeight: 1.4 },
  h3: { fontSize: 14, fontWeight: 620, lineHeight: 1.4 },
  body1: { fontSize: 14, lineHeight: 1.55 },
  body2: { fontSize: 13, lineHeight: 1.5 },
  caption: { fontSize: 12, lineHeight: 1.45 },
  overline: { fontSize: 11.5, fontWeight: 600, letterSpacing: "0.06em", lineHeight: 1.6 },
  button: { textTransform: "none", fontWeight: 570, letterSpacing: 0 },
};

/* Labels stand above their inputs instead of floating into the frame. */
const inputs: ThemeOptions["components"] = {
  MuiTextField: { defaultProps: { variant: "outlined", size: "small" } },
  MuiFormControl: { defaultProps: { variant: "outlined", size: "small" } },
  MuiInputLabel: {
    defaultProps: { shrink: true },
    styleOverrides: {
      root: ({ theme }) => ({
        position: "static",
        transform: "none",
        fontSize: 13,
        fontWeight: 550,
        lineHeight: 1.5,
        marginBottom: 4,
        whiteSpace: "normal",
        color: theme.palette.text.primary,
        "&.Mui-focused": { color: theme.palette.text.primary },
      }),
    },
  },
  MuiOutlinedInput: {
    defaultProps: { notched: false },
    styleOverrides: {
      root: ({ theme }) => ({
        backgroundColor: theme.palette.background.paper,
        borderRadius: 8,
        fontSize: 14,
        "&:hover:not(.Mui-focused):not(.Mui-disabled):not(.Mui-error) .MuiOutlinedInput-notchedOutline": {
          borderColor: theme.palette.text.secondary,
        },
      }),
      notchedOutline: ({ theme }) => ({
        top: 0,
        borderColor: theme.palette.mode === "light" ? "#cfcbc1" : "#3d4356",
        "& legend": { display: "none" },
      }),
    },
  },
  MuiFormHelperText: {
    styleOverrides: { root: { marginLeft: 0, marginRight: 0, minHeight: 18, lineHeight: 1.4 } },
  },
};

function makeOptions(palette: PaletteOptions): ThemeOptions {
  return {
    palette,
    typography,
    shape: { borderRadius: 5 },
    components: {
      ...inputs,
      MuiCssBaseline: {
        styleOverrides: (theme) => ({
          body: { fontFeatureSettings: '"cv11", "ss03"', WebkitFontSmoothing: "antialiased" },
          ":focus-visible": { outline: `2px solid ${theme.palette.primary.main}`, outlineOffset: 2 },
          "@keyframes senet-lit": {
            from: { backgroundColor: theme.palette.action.selected, color: theme.palette.primary.main },
          },
          ".number-changed": { animation: "senet-lit 1.1s ease-out", borderRadius: 4 },
          "@media (prefers-reduced-motion: reduce)": { ".number-changed": { animation: "none" } },
        }),
      },
      MuiButton: {
        defaultProps: { disableElevation: true },
        styleOverrides: { root: { borderRadius: 8, minHeight: 36, paddingInline: 14 } },
      },
      MuiButtonBase: { defaultProps: { disableRipple: true } },
      MuiPaper: { styleOverrides: { root: { backgroundImage: "none" }, outlined: { borderRadius: 12 } } },
      MuiDialog: { styleOverrides: { paper: { borderRadius: 14 } } },
      MuiDialogTitle: { styleOverrides: { root: { fontSize: 18, fontWeight: 620, paddingBottom: 8 } } },
      MuiDialogActions: { styleOverrides: { root: { padding: 16 } } },
      MuiAlert: { styleOverrides: { root: { borderRadius: 10, alignItems: "center" } } },
      MuiTooltip: {
        styleOverrides: { tooltip: { fontSize: 12.5, padding: "8px 10px", lineHeight: 1.45, maxWidth: 320 } },
      },
      MuiTableCell: {
        styleOverrides: {
          root: ({ theme }) => ({
            borderColor: theme.palette.divider,
            padding: "10px 16px",
            fontSize: 13.5,
          }),
          head: ({ theme }) => ({
            fontSize: 12.5,
            fontWeight: 570,
            color: theme.palette.text.secondary,
            backgroundColor: theme.palette.background.paper,
            whiteSpace: "nowrap",
          }),
        },
      },
      MuiTableRow: {
        styleOverrides: {
          root: {
            "tbody > &:not(:has(+ *)) > *": { borderBottom: 0 },
            "&& > :not(* + *)": { paddingLeft: 20 },
            "&& > :not(:has(+ *))": { paddingRight: 20 },
          },
        },
      },
      MuiToggleButton: {
        styleOverrides: {
          root: { borderRadius: 8, textTransform: "none", fontWeight: 550, padding: "6px 10px" },
        },
      },
      MuiMenu: { styleOverrides: { paper: { borderRadius: 10, marginTop: 4 } } },
      MuiMenuItem: { styleOverrides: { root: { fontSize: 14 } } },
      MuiAutocomplete: { styleOverrides: { paper: { borderRadius: 10, fontSize: 14 } } },
      MuiTab: {
        styleOverrides: { root: { textTransform: "none", minHeight: 42, fontWeight: 550, fontSize: 14 } },
      },
      MuiTabs: { styleOverrides: { root: { minHeight: 42 } } },
      MuiLinearProgress: { styleOverrides: { root: { borderRadius: 99, height: 6 } } },
    },
  };
}

export const lightTheme = createTheme(makeOptions(light));
export const darkTheme = createTheme(makeOptions(dark));
