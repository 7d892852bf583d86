/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gmodule.h>

#include "cw-library.h"

gboolean
cw_library_load (const char *soname, const CwLibrarySymbol *symbols, guint n_symbols)
{
  GModule *module;

  g_return_val_if_fail (soname != NULL, FALSE);
  g_return_val_if_fail (symbols != NULL, FALSE);

  module = g_module_open (soname, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  if (module == NULL)
    return FALSE;
  for (guint i = 0; i < n_symbols; i++)
    if (!g_module_symbol (module, symbols[i].name, symbols[i].function))
      return FALSE;
  g_module_make_resident (module);

  return TRUE;
}
