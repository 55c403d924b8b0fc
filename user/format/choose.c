// SPDX-License-Identifier: GPL-2.0-only
/* Parses -o: which fields are shown. */
#include <stdlib.h>
#include <string.h>

#include "format/fields.h"
#include "format/lines.h"

int fields_choose(struct fmt *f, const char *list)
{
	char *copy = text_copy(list, strlen(list)), *key, *save;
	int err = 0;
	size_t i;

	for (key = strtok_r(copy, ",", &save); key && !err;
	     key = strtok_r(NULL, ",", &save)) {
		const struct field *fl = field_find(key);
		struct nearest near = { .typed = key };

		/* Asked for is asked for, with or without -l and -x. */
		if (fl && fl == field_find("lines")) {
			if (lines_supported()) {
				err = EXIT_USAGE;
				continue;
			}
			f->lines = true;
		}
		f->data |= fl && fl == field_find("data");
		if (fl) {
			f->chosen = grow(f->chosen, f->nr_chosen,
					 &f->chosen_room, sizeof(fl));
			f->chosen[f->nr_chosen++] = fl;
			continue;
		}
		complain("--fields: an event has no field `%s'", key);
		for (i = 0; i < nr_fields; i++)
			nearest_add(&near, fields[i].key);
		if (!strcmp(key, "place"))
			hint("the place of a drop is its field `at'");
		else if (near.nr)
			nearest_report(&near);
		else
			hint("`whydrop fields' lists them");
		err = EXIT_USAGE;
	}
	if (!err && !f->nr_chosen) {
		complain("--fields: the list is empty");
		err = EXIT_USAGE;
	}
	free(copy);
	fields_members(f);
	return err;
}
