/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-terminal.h"
#include "cw-text.h"

/* Lines that are longer are hard to read, however wide the window is. */
#define MAX_WIDTH 100
#define MIN_WIDTH 30
#define RESET     "\033[0m"

static const char *const colours[] = {
  [CW_MARK_PLAIN] = "\033[1m",      [CW_MARK_GOOD] = "\033[1;32m",    [CW_MARK_NOTE] = "\033[1;36m",
  [CW_MARK_WARNING] = "\033[1;33m", [CW_MARK_PROBLEM] = "\033[1;31m",
};

/* All that can end or stop a process from its terminal. */
static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU };

static volatile sig_atomic_t caught[G_N_ELEMENTS (signals)];
static int input_fd = STDIN_FILENO; /* where answers come from */
static int wake_fd;                 /* what is written there ends the wait for an answer */

/* Printing */

static guint
get_width (FILE *stream)
{
  struct winsize size = { 0 };

  if (!isatty (fileno (stream)))
    return G_MAXUINT;
  if (ioctl (fileno (stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return 80;
  return CLAMP (size.ws_col, MIN_WIDTH, MAX_WIDTH);
}

static gboolean
has_colour (FILE *stream)
{
  const char *no_colour = g_getenv ("NO_COLOR");

  return isatty (fileno (stream)) && (!no_colour || *no_colour == '\0') &&
         g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

static guint
measure (const char *text, gsize length)
{
  guint width = 0;

  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    {
      const gunichar c = g_utf8_get_char (p);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

static void
put (FILE *stream, const char *text)
{
  const char *charset;
  g_autofree char *plain = cw_text_drop_directions (text);
  g_autofree char *converted = NULL;

  if (!g_get_charset (&charset))
    converted = g_convert_with_fallback (plain, -1, charset, "UTF-8", "?", NULL, NULL, NULL);
  fputs (converted ? converted : plain, stream);
}

static void
wrap_line (GString *out, const char *line, gsize length, guint indent, guint first, guint width)
{
  const char *end = line + length;
  guint column = first;
  gboolean at_start = TRUE;

  while (line < end)
    {
      const char *space = memchr (line, ' ', (gsize) (end - line));
      const gsize word = (gsize) ((space ? space : end) - line);
      const guint columns = measure (line, word);

      if (!at_start && column + 1 + columns > width)
        {
          g_string_append_printf (out, "\n%*s", (int) indent, "");
          column = indent;
        }
      else if (!at_start)
        {
          g_string_append_c (out, ' ');
          column++;
        }
      g_string_append_len (out, line, (gssize) word);
      column += columns;
      at_start = FALSE;
      line += word + (space ? 1 : 0);
    }
}

/* Each line of @text, the first of which begins in column @first. */
static char *
wrap (const char *text, guint indent, guint first, guint width)
{
  g_autofree char *plain = cw_text_drop_directions (text);
  g_auto (GStrv) lines = g_strsplit (plain, "\n", -1);
  GString *out = g_string_new (NULL);

  for (guint i = 0; lines[i]; i++)
    {
      g_autofree char *clean = cw_text_escape_hidden (lines[i], strlen (lines[i]));

      if (i > 0)
        g_string_append_printf (out, "\n%*s", *clean ? (int) indent : 0, "");
      wrap_line (out, clean, strlen (clean), indent, i > 0 ? indent : first, width);
    }
  return g_string_free (out, FALSE);
}

void
cw_terminal_print (FILE *stream, guint indent, const char *text)
{
  g_autofree char *wrapped = NULL;

  g_return_if_fail (stream);
  g_return_if_fail (text);

  wrapped = wrap (text, indent, indent, get_width (stream));
  fprintf (stream, "%*s", *wrapped ? (int) indent : 0, "");
  put (stream, wrapped);
  fputc ('\n', stream);
}

void
cw_terminal_print_marked (
    FILE *stream, guint indent, CwMark mark, const char *word, const char *text)
{
  g_autofree char *wrapped = NULL;
  const gboolean coloured = has_colour (stream);
  /* Translators: a word such as "Problem", then what it is */
  g_autofree char *marked = g_strdup_printf (C_ ("mark", "%s:"), word);

  g_return_if_fail (stream);
  g_return_if_fail (text);

  wrapped = wrap (text, indent, indent + measure (marked, strlen (marked)) + 1, get_width (stream));
  fprintf (stream, "%*s%s", (int) indent, "", coloured ? colours[mark] : "");
  put (stream, marked);
  fprintf (stream, "%s ", coloured ? RESET : "");
  put (stream, wrapped);
  fputc ('\n', stream);
}

/* Asking */

gboolean
cw_terminal_can_ask (void)
{
  return isatty (input_fd);
}

void
cw_terminal_spare_input (void)
{
  static int terminal = -1;

  if (terminal < 0)
    terminal = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (terminal >= 0)
    input_fd = terminal;
}

/* It may run in any thread, and before the wait has begun. */
static void
signal_cb (int number)
{
  const int saved = errno;

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    if (signals[i] == number)
      caught[i] = 1;
  while (write (wake_fd, "", 1) < 0 && errno == EINTR)
    continue;
  errno = saved;
}

/* Returns: whether there is something to read, and no signal */
static gboolean
wait_for_answer (int interrupt_fd)
{
  struct pollfd fds[] = { { .fd = input_fd, .events = POLLIN },
                          { .fd = interrupt_fd, .events = POLLIN } };

  while (poll (fds, G_N_ELEMENTS (fds), -1) < 0)
    if (errno != EINTR)
      return TRUE; /* read() will say what is wrong */
  return fds[1].revents == 0;
}

/* One line, up to the end of input or a signal; what it passed through is wiped. */
static CwSecret *
read_line (int interrupt_fd, gboolean *interrupted)
{
  CwSecretBuilder *builder = cw_secret_builder_new ();
  char byte = '\0';

  *interrupted = FALSE;
  while (!(*interrupted = !wait_for_answer (interrupt_fd)) && read (input_fd, &byte, 1) == 1 &&
         byte != '\n')
    cw_secret_builder_append (builder, &byte, 1);
  explicit_bzero (&byte, sizeof byte);
  return cw_secret_builder_end (builder);
}

/*
 * Asks with the terminal silent and each signal held, and then passes the
 * signals on. It is silent before it asks: who answers at once is not seen either.
 */
static CwSecret *
ask_silently (const char *prompt, gboolean *interrupted)
{
  const struct sigaction action = { .sa_handler = signal_cb, .sa_flags = SA_RESTART };
  struct sigaction before[G_N_ELEMENTS (signals)];
  struct termios normal, silent;
  int interrupt[2];
  CwSecret *line;

  if (!g_unix_open_pipe (interrupt, FD_CLOEXEC, NULL))
    g_error ("No pipe could be made: %s", g_strerror (errno));
  wake_fd = interrupt[1];
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      caught[i] = 0;
      sigaction (signals[i], &action, &before[i]);
      if (before[i].sa_handler == SIG_IGN) /* as in the background */
        sigaction (signals[i], &before[i], NULL);
    }
  tcgetattr (input_fd, &normal);
  silent = normal;
  silent.c_lflag &= (tcflag_t) ~(ECHO | ECHONL);
  tcsetattr (input_fd, TCSAFLUSH, &silent);

  put (stderr, prompt);
  fputs (": ", stderr);
  fflush (stderr);
  line = read_line (interrupt[0], interrupted);

  tcsetattr (input_fd, TCSADRAIN, &normal);
  fputc ('\n', stderr);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaction (signals[i], &before[i], NULL);
  close (interrupt[0]);
  close (interrupt[1]);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    if (caught[i])
      raise (signals[i]); /* comes back only from a stop */
  return line;
}

CwSecret *
cw_terminal_ask_secret (const char *prompt, GError **error)
{
  g_autoptr (CwSecret) line = NULL;
  gboolean interrupted;

  g_return_val_if_fail (prompt, NULL);

  fflush (stdout);
  do
    {
      g_clear_pointer (&line, cw_secret_unref);
      line = ask_silently (prompt, &interrupted);
    }
  while (interrupted);

  if (cw_secret_get_length (line) > 0)
    return g_steal_pointer (&line);
  g_set_error_literal (error, CW_ERROR, CW_ERROR_PASSPHRASE_NEEDED,
                       _ ("No passphrase was entered. Nothing was changed."));
  return NULL;
}

gboolean
cw_terminal_confirm (const char *question)
{
  char answer[64] = "";
  g_autofree char *folded = NULL;

  g_return_val_if_fail (question, FALSE);

  fflush (stdout);
  put (stderr, question);
  /* Translators: the answers to a question at the terminal; the first letter of "yes" in your
   * language is asked for below */
  put (stderr, _ (" [y/N] "));
  fflush (stderr);
  if (!fgets (answer, sizeof answer, stdin))
    return FALSE;

  folded = g_utf8_casefold (g_strstrip (answer), -1);
  /* Translators: what a person types for yes, in lower case */
  return *folded && (g_str_equal (folded, _ ("y")) || g_str_equal (folded, _ ("yes")));
}
