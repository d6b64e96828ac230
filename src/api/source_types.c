#include "api/source_types.h"

#include "core/json.h"
#include "sources/source.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

static void put_setting(json_object *settings, const struct kind_setting *from)
{
	json_object *setting = js_add_object(settings);

	js_put_text(setting, "name", from->name);
	js_put_boolean(setting, "required", from->required);
	js_put_boolean(setting, "secret", from->secret);
	js_put_integer(setting, "max_length", (int64_t)from->most);
	js_put_text(setting, "help", from->help);
}

CAN_FAIL source_types(struct request *req, struct response *out)
{
	json_object *types = js_array(req->mem);

	for (const struct source_kind *const *k = req->app->kinds; *k; k++) {
		json_object *type = js_add_object(types), *settings;

		js_put_text(type, "type", (*k)->name);
		js_put_text(type, "label", (*k)->label);
		settings = js_put_array(type, "settings");
		for (const struct kind_setting *s = (*k)->settings; s->name;
		     s++)
			put_setting(settings, s);
	}
	response_json(out, 200, types);
	return NULL;
}
