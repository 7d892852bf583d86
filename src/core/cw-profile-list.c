/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "cw-profile-private.h"

/* From how many on two threads are faster than one. */
#define MANY 32

/* A profile, and what its place goes by: collating a name takes longer than reading it. */
typedef struct
{
  CwProfile *profile;
  char *collation_key;
} Place;

/* The folders of one data folder, and what became of each, for two threads. */
typedef struct
{
  GPtrArray *folders;
  CwProfile **profiles;
  GError **errors;
  gint next;
} Work;

static void
place_free (Place *place)
{
  g_object_unref (place->profile);
  g_free (place->collation_key);
  g_free (place);
}

static void
add_place (GPtrArray *places, GHashTable *seen, CwProfile *profile)
{
  Place *place = g_new (Place, 1);

  place->profile = profile;
  place->collation_key = g_utf8_collate_key (cw_profile_get_name (profile), -1);
  g_ptr_array_add (places, place);
  g_hash_table_add (seen, (char *) cw_profile_get_id (profile));
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *first = *(Place *const *) a;
  const Place *second = *(Place *const *) b;
  const guint first_order = cw_profile_get_order (first->profile);
  const guint second_order = cw_profile_get_order (second->profile);
  int order = (first_order > second_order) - (first_order < second_order);

  if (order == 0)
    order = strcmp (first->collation_key, second->collation_key);
  return order != 0
             ? order
             : strcmp (cw_profile_get_id (first->profile), cw_profile_get_id (second->profile));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* What is in @path by name, so that what is reported has an order. */
static GPtrArray *
list_names (const char *path, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, error);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (name[0] != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);

  return g_steal_pointer (&names);
}

static gpointer
load_profiles (gpointer data)
{
  Work *work = data;

  for (guint i; (i = (guint) g_atomic_int_add (&work->next, 1)) < work->folders->len;)
    work->profiles[i] = cw_profile_new_from_folder (work->folders->pdata[i], &work->errors[i]);

  return NULL;
}

/* What is no folder is none of ours: a file that explains this one. */
static void
load_folders (GPtrArray *folders, GPtrArray *places, GHashTable *seen, GPtrArray *problems)
{
  g_autofree CwProfile **profiles = g_new0 (CwProfile *, folders->len);
  g_autofree GError **errors = g_new0 (GError *, folders->len);
  Work work = { folders, profiles, errors, 0 };
  GThread *other =
      folders->len >= MANY ? g_thread_try_new ("profiles", load_profiles, &work, NULL) : NULL;

  load_profiles (&work);
  g_clear_pointer (&other, g_thread_join);

  for (guint i = 0; i < folders->len; i++)
    if (profiles[i] != NULL)
      add_place (places, seen, profiles[i]);
    else if (g_file_test (folders->pdata[i], G_FILE_TEST_IS_DIR))
      g_ptr_array_add (problems, errors[i]);
    else
      g_error_free (errors[i]);
}

static void
load_folder (const char *data_dir, GPtrArray *places, GHashTable *seen, GPtrArray *problems)
{
  g_autofree char *path = g_build_filename (data_dir, "certwright", "profiles", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) names = list_names (path, &error);
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (g_free);

  /* Most of the system's data folders have no profiles. */
  if (error != NULL && !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_ptr_array_add (problems, g_steal_pointer (&error));

  for (guint i = 0; i < names->len; i++)
    if (!g_hash_table_contains (seen, names->pdata[i]))
      g_ptr_array_add (folders, g_build_filename (path, names->pdata[i], NULL));
  load_folders (folders, places, seen, problems);
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

char *
cw_profiles_get_user_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "certwright", "profiles", NULL);
}

GListModel *
cw_profiles_load (GPtrArray **problems)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func ((GDestroyNotify) place_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr (GPtrArray) dirs = get_data_dirs ();
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  GListStore *list = g_list_store_new (CW_TYPE_PROFILE);

  for (guint i = 0; i < dirs->len; i++)
    load_folder (dirs->pdata[i], places, seen, found);
  g_ptr_array_sort (places, compare_places);
  for (guint i = 0; i < places->len; i++)
    g_ptr_array_add (sorted, ((const Place *) places->pdata[i])->profile);
  g_list_store_splice (list, 0, 0, sorted->pdata, sorted->len);

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
