import { Alert, Box, Button, Paper, TextField, Typography } from "@mui/material";
import { type FormEvent, useEffect, useState } from "react";
import { useLogin } from "react-admin";
import { ApiError, sentenceOf } from "@/shared/errors";

/** Count down from a number of seconds; 0 is done. */
function useCountdown(): [number, (seconds: number) => void] {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return [left, setLeft];
}

export function SignIn() {
  useEffect(() => {
    document.title = "Sign in · Senet";
  }, []);
  return (
    <Box
      component="main"
      sx={{
        minHeight: "100vh",
        display: "grid",
        placeItems: "center",
        p: 2,
        bgcolor: "background.default",
        color: "text.primary",
      }}
    >
      <Box sx={{ width: "100%", maxWidth: 380 }}>
        <Box sx={{ display: "flex", alignItems: "center", justifyContent: "center", gap: 1.5, mb: 3 }}>
          <img src="/senet.svg" width={40} height={40} alt="" />
          <Typography component="span" sx={{ fontSize: 26, fontWeight: 670, letterSpacing: "-0.025em" }}>
            Senet
          </Typography>
        </Box>
        <Paper variant="outlined" sx={{ p: 3.5 }}>
          <Typography variant="h1" sx={{ fontSize: 20, mb: 2.5 }}>
            Sign in
          </Typography>
          <SignInForm />
        </Paper>
        <Typography variant="body2" color="textSecondary" sx={{ textAlign: "center", mt: 2.5 }}>
          Journeys, one square at a time.
        </Typography>
      </Box>
    </Box>
  );
}

function SignInForm() {
  const login = useLogin();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [refusal, setRefusal] = useState("");
  const [busy, setBusy] = useState(false);
  const [wait, setWait] = useCountdown();

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!email || !password) {
      setRefusal("Enter your email address and your password.");
      return;
    }
    setBusy(true);
    setRefusal("");
    try {
      await login({ email, password });
    } catch (error) {
      setRefusal(sentenceOf(error));
      if (error instanceof ApiError && error.status === 429) setWait(error.retryAfterSeconds);
      setBusy(false);
    }
  }

  return (
    <Box component="form" onSubmit={submit} noValidate sx={{ display: "grid", gap: 2 }}>
      {refusal && (
        <Alert severity="error">
          {refusal}
          {wait > 0 && ` You can try again in ${wait} ${wait === 1 ? "second" : "seconds"}.`}
        </Alert>
      )}
      <TextField
        label="Email"
        type="email"
        autoComplete="username"
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button
        type="submit"
        variant="contained"
        size="large"
        loading={busy}
        disabled={wait > 0}
        sx={{ mt: 1 }}
      >
        Sign in
      </Button>
    </Box>
  );
}
