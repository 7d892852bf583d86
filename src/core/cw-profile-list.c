/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "cw-profile-private.h"

static int
compare_profiles (gconstpointer a, gconstpointer b)
{
  CwProfile *first = *(CwProfile *const *) a;
  CwProfile *second = *(CwProfile *const *) b;
  int order = cw_profile_get_order (first) - cw_profile_get_order (second);

  if (order == 0)
    order = g_utf8_collate (cw_profile_get_name (first), cw_profile_get_name (second));
  return order != 0 ? order : strcmp (cw_profile_get_id (first), cw_profile_get_id (second));
}

static gboolean
has_profile (GPtrArray *profiles, const char *id)
{
  for (guint i = 0; i < profiles->len; i++)
    if (g_str_equal (cw_profile_get_id (profiles->pdata[i]), id))
      return TRUE;

  return FALSE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The folders in @path by name, so that what is reported has an order. */
static GPtrArray *
list_folders (const char *path, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, error);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (path, name, NULL);

      if (name[0] != '.' && g_file_test (folder, G_FILE_TEST_IS_DIR))
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_names);

  return g_steal_pointer (&names);
}

static void
load_folder (const char *data_dir, GPtrArray *profiles, GPtrArray *problems)
{
  g_autofree char *path = g_build_filename (data_dir, "certwright", "profiles", NULL);
  GError *error = NULL;
  g_autoptr (GPtrArray) names = list_folders (path, &error);

  /* Most of the system's data folders have no profiles. */
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_clear_error (&error);
  if (error != NULL)
    g_ptr_array_add (problems, error);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *folder = g_build_filename (path, names->pdata[i], NULL);
      CwProfile *profile;

      if (has_profile (profiles, names->pdata[i]))
        continue;
      error = NULL;
      if ((profile = cw_profile_new_from_folder (folder, &error)) != NULL)
        g_ptr_array_add (profiles, profile);
      else
        g_ptr_array_add (problems, error);
    }
}

/* Each once, though a path may be in the list twice. */
static GPtrArray *
get_data_dirs (void)
{
  g_autoptr (GPtrArray) dirs = g_ptr_array_new_with_free_func (g_free);
  const char *const *system = g_get_system_data_dirs ();

  g_ptr_array_add (dirs, g_canonicalize_filename (g_get_user_data_dir (), "/"));
  for (guint i = 0; system[i] != NULL; i++)
    {
      g_autofree char *dir = g_canonicalize_filename (system[i], "/");

      if (!g_ptr_array_find_with_equal_func (dirs, dir, g_str_equal, NULL))
        g_ptr_array_add (dirs, g_steal_pointer (&dir));
    }

  return g_steal_pointer (&dirs);
}

GListModel *
cw_profiles_load (GPtrArray **problems)
{
  g_autoptr (GPtrArray) profiles = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr (GPtrArray) dirs = get_data_dirs ();
  GListStore *list = g_list_store_new (CW_TYPE_PROFILE);

  for (guint i = 0; i < dirs->len; i++)
    load_folder (dirs->pdata[i], profiles, found);
  g_ptr_array_sort (profiles, compare_profiles);
  g_list_store_splice (list, 0, 0, profiles->pdata, profiles->len);

  if (problems != NULL)
    *problems = g_steal_pointer (&found);

  return G_LIST_MODEL (list);
}

CwProfile *
cw_profiles_find (GListModel *profiles, const char *id)
{
  g_return_val_if_fail (G_IS_LIST_MODEL (profiles), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (profiles); i++)
    {
      g_autoptr (CwProfile) profile = g_list_model_get_item (profiles, i);

      if (g_str_equal (cw_profile_get_id (profile), id))
        return g_steal_pointer (&profile);
    }

  return NULL;
}
