/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Starts a program and measures, from outside, until its first window is on the
 * screen and painted:
 *
 *   first-frame COMMAND...
 *
 * Prints "MAPPED PAINTED PSS": milliseconds from the start until the window was
 * mapped, until its pixels were no longer all the same, and the program's
 * proportional set size at that moment, in KiB. Then it ends the program.
 */

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <glib.h>

#define LIMIT_SECONDS 30
#define LEAST_SIZE    100 /* pixels; GTK and Qt map small helper windows too */
#define STRIP         64  /* pixels of width that are looked at */

static int
ignore_error (Display *display, XErrorEvent *event)
{
  return 0; /* a window that went while it was looked at */
}

static double
milliseconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1000.0;
}

/* The first window of a real size that is mapped below the root; 0 if there is none yet. */
static Window
find_mapped_window (Display *display, XWindowAttributes *attributes)
{
  Window root, parent, found = 0;
  Window *children = NULL;
  unsigned int n_children = 0;

  if (!XQueryTree (display, DefaultRootWindow (display), &root, &parent, &children, &n_children))
    return 0;
  for (unsigned int i = 0; i < n_children && found == 0; i++)
    {
      if (XGetWindowAttributes (display, children[i], attributes) &&
          attributes->map_state == IsViewable && attributes->width >= LEAST_SIZE &&
          attributes->height >= LEAST_SIZE)
        found = children[i];
    }
  if (children != NULL)
    XFree (children);
  return found;
}

/* A strip through the middle, from the title bar to the bottom. */
static gboolean
is_painted (Display *display, Window window, const XWindowAttributes *attributes)
{
  int x = (attributes->width - STRIP) / 2;
  XImage *image = XGetImage (display, window, x, 0, STRIP, (unsigned int) attributes->height,
                             AllPlanes, ZPixmap);
  gboolean painted = FALSE;

  if (image == NULL)
    return FALSE;
  for (int y = 0; y < image->height && !painted; y++)
    {
      const char *row = image->data + (gsize) y * (gsize) image->bytes_per_line;
      /* Every byte like the one a pixel before: all the same. */
      painted = memcmp (row, row + 4, STRIP * 4 - 4) != 0;
    }
  XDestroyImage (image);
  return painted;
}

static long
read_pss (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/smaps_rollup", pid);
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return -1;
  line = strstr (text, "\nPss:");
  return line != NULL ? strtol (line + 5, NULL, 10) : -1;
}

static gboolean
measure (Display *display, GPid pid, gint64 start)
{
  XWindowAttributes attributes;
  double mapped = -1;

  while (milliseconds_since (start) < LIMIT_SECONDS * 1000.0)
    {
      Window window = find_mapped_window (display, &attributes);

      if (window != 0 && mapped < 0)
        mapped = milliseconds_since (start);
      if (window != 0 && is_painted (display, window, &attributes))
        {
          double painted = milliseconds_since (start);
          printf ("%.1f %.1f %ld\n", mapped, painted, read_pss (pid));
          return TRUE;
        }
      if (waitpid (pid, NULL, WNOHANG) == pid)
        return FALSE;
      g_usleep (500);
    }
  return FALSE;
}

int
main (int argc, char **argv)
{
  Display *display = XOpenDisplay (NULL);
  gboolean done;
  gint64 start;
  GPid pid;

  if (argc < 2 || display == NULL)
    {
      fprintf (stderr, "first-frame COMMAND..., with a display\n");
      return 2;
    }
  XSetErrorHandler (ignore_error);
  start = g_get_monotonic_time ();
  pid = fork ();
  if (pid == 0)
    {
      execvp (argv[1], argv + 1);
      fprintf (stderr, "%s: %s\n", argv[1], g_strerror (errno));
      _exit (127);
    }
  done = measure (display, pid, start);
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
  XCloseDisplay (display);
  return done ? 0 : 1;
}
