/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <glib/gstdio.h>

#include "cw-file.h"

#define OUTSIDE "user.document-portal.host-path"
#define FOLDER  "/home/steve/It's here"

/* As the document portal has it: a folder for each thing that it lends. */
static char *
lend (const char *id, const char *name)
{
  char *path = g_build_filename (g_get_user_runtime_dir (), "doc", id, name, NULL);

  g_assert_no_errno (g_mkdir_with_parents (path, 0700));
  return path;
}

static gboolean
tell (const char *path, const char *outside)
{
  if (setxattr (path, OUTSIDE, outside, strlen (outside), 0) == 0)
    return TRUE;
  g_test_skip ("this file system keeps no attributes");
  return FALSE;
}

static void
test_not_lent (void)
{
  g_autofree char *near = g_build_filename (g_get_user_runtime_dir (), "documents", NULL);
  g_autofree char *found = cw_file_find_outside (near);
  g_autofree char *tmp = cw_file_find_outside ("/tmp/settings.yaml");
  g_autoptr (GFile) file = g_file_new_for_path ("/tmp/settings.yaml");
  g_autofree char *shown = cw_file_get_shown_name (file);

  g_assert_cmpstr (found, ==, near);
  g_assert_cmpstr (tmp, ==, "/tmp/settings.yaml");
  g_assert_cmpstr (shown, ==, "/tmp/settings.yaml");
}

static void
test_not_told (void)
{
  g_autofree char *path = lend ("abcd", "settings.yaml");
  g_autofree char *found = cw_file_find_outside (path);
  g_autofree char *inside = cw_file_find_outside ("/run/flatpak/doc/abcd/settings.yaml");
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *shown = cw_file_get_shown_name (file);

  g_assert_null (found);
  g_assert_null (inside);
  g_assert_cmpstr (shown, ==, "settings.yaml");
}

static void
test_told (void)
{
  g_autofree char *path = lend ("1234", "It's here");
  g_autofree char *new = g_build_filename (path, "client.key", NULL);
  g_autofree char *found = NULL, *found_new = NULL, *shown = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (new);

  if (!tell (path, FOLDER))
    return;
  found = cw_file_find_outside (path);
  g_assert_cmpstr (found, ==, FOLDER);
  /* It does not exist yet. */
  found_new = cw_file_find_outside (new);
  g_assert_cmpstr (found_new, ==, FOLDER "/client.key");
  shown = cw_file_get_shown_name (file);
  g_assert_cmpstr (shown, ==, FOLDER "/client.key");
}

/* Portals before 1.20 have an answer to any question. */
static void
test_told_nothing (void)
{
  g_autofree char *path = lend ("5678", "client.key");
  g_autofree char *found = NULL;

  if (!tell (path, "client.key"))
    return;
  found = cw_file_find_outside (path);
  g_assert_null (found);
}

/* What is not the portal's is believed nothing. */
static void
test_others_attribute (void)
{
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "mine", NULL);
  g_autofree char *found = NULL;

  g_assert_no_errno (g_mkdir_with_parents (path, 0700));
  if (!tell (path, FOLDER))
    return;
  found = cw_file_find_outside (path);
  g_assert_cmpstr (found, ==, path);
}

static int
remove_cb (const char *path, const struct stat *info, int type, struct FTW *place)
{
  return remove (path);
}

/* Not with G_TEST_OPTION_ISOLATE_DIRS, which leaks the names of its folders. */
int
main (int argc, char *argv[])
{
  g_autofree char *temporary = g_dir_make_tmp ("certwright-XXXXXX", NULL);
  int result;

  g_assert_nonnull (temporary);
  g_setenv ("XDG_RUNTIME_DIR", temporary, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/file/outside/not-lent", test_not_lent);
  g_test_add_func ("/file/outside/not-told", test_not_told);
  g_test_add_func ("/file/outside/told", test_told);
  g_test_add_func ("/file/outside/told-nothing", test_told_nothing);
  g_test_add_func ("/file/outside/attribute-of-others", test_others_attribute);

  result = g_test_run ();
  nftw (temporary, remove_cb, 8, FTW_DEPTH | FTW_PHYS);
  return result;
}
