/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * In place of libFuzzer: a test for each file of a folder.
 */

#include "config.h"

#include "fuzz.h"

static void
test_file (gconstpointer path)
{
  g_autofree char *content = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  /* Without a NUL behind it, so that reading one too many can be seen. */
  g_autofree guint8 *data = g_memdup2 (content, size);
  g_assert_cmpint (LLVMFuzzerTestOneInput (data, size), ==, 0);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  LLVMFuzzerInitialize (&argc, &argv);

  g_autoptr (GDir) folder = g_dir_open (argv[1], 0, &error);
  g_assert_no_error (error);
  for (const char *name; (name = g_dir_read_name (folder)) != NULL;)
    {
      g_autofree char *title = g_strconcat ("/fuzz/", name, NULL);
      g_test_add_data_func_full (title, g_build_filename (argv[1], name, NULL), test_file, g_free);
    }

  return g_test_run ();
}
