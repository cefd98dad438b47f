CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
CREATE TABLE "practice_room" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(80) NOT NULL UNIQUE);
CREATE TABLE "practice_suppression" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "address" varchar(254) NOT NULL UNIQUE, "cause" varchar(12) NOT NULL, "detail" text NOT NULL, "created_at" datetime NOT NULL);
CREATE TABLE "practice_tally" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" varchar(120) NOT NULL, "window" datetime NOT NULL, "count" integer unsigned NOT NULL CHECK ("count" >= 0), CONSTRAINT "one_tally" UNIQUE ("key", "window"));
CREATE INDEX "tally_window" ON "practice_tally" ("window");
CREATE TABLE "account_emailconfirmation" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "created" datetime NOT NULL, "sent" datetime NULL, "key" varchar(64) NOT NULL UNIQUE, "email_address_id" integer NOT NULL REFERENCES "account_emailaddress" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "account_emailconfirmation_email_address_id_5b7f8c58" ON "account_emailconfirmation" ("email_address_id");
CREATE TABLE "account_emailaddress" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "verified" bool NOT NULL, "primary" bool NOT NULL, "user_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "email" varchar(254) NOT NULL);
CREATE UNIQUE INDEX "account_emailaddress_user_id_email_987c8728_uniq" ON "account_emailaddress" ("user_id", "email");
CREATE UNIQUE INDEX "unique_verified_email" ON "account_emailaddress" ("email") WHERE "verified";
CREATE INDEX "account_emailaddress_user_id_2c513194" ON "account_emailaddress" ("user_id");
CREATE INDEX "account_emailaddress_email_03be32b2" ON "account_emailaddress" ("email");
CREATE UNIQUE INDEX "unique_primary_email" ON "account_emailaddress" ("user_id", "primary") WHERE "primary";
CREATE TABLE "django_admin_log" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "object_id" text NULL, "object_repr" varchar(200) NOT NULL, "action_flag" smallint unsigned NOT NULL CHECK ("action_flag" >= 0), "change_message" text NOT NULL, "content_type_id" integer NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "action_time" datetime NOT NULL);
CREATE INDEX "django_admin_log_content_type_id_c4bce8eb" ON "django_admin_log" ("content_type_id");
CREATE INDEX "django_admin_log_user_id_c564eba6" ON "django_admin_log" ("user_id");
CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app_label" varchar(100) NOT NULL, "model" varchar(100) NOT NULL);
CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq" ON "django_content_type" ("app_label", "model");
CREATE TABLE "auth_group_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE UNIQUE INDEX "auth_group_permissions_group_id_permission_id_0cd325b0_uniq" ON "auth_group_permissions" ("group_id", "permission_id");
CREATE INDEX "auth_group_permissions_group_id_b120cbf9" ON "auth_group_permissions" ("group_id");
CREATE INDEX "auth_group_permissions_permission_id_84c5c92e" ON "auth_group_permissions" ("permission_id");
CREATE TABLE "auth_permission" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "content_type_id" integer NOT NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "codename" varchar(100) NOT NULL, "name" varchar(255) NOT NULL);
CREATE UNIQUE INDEX "auth_permission_content_type_id_codename_01ab375a_uniq" ON "auth_permission" ("content_type_id", "codename");
CREATE INDEX "auth_permission_content_type_id_2f476e4b" ON "auth_permission" ("content_type_id");
CREATE TABLE "auth_group" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(150) NOT NULL UNIQUE);
CREATE TABLE "practice_cache" (
    "cache_key" varchar(255) NOT NULL PRIMARY KEY,
    "value" text NOT NULL,
    "expires" datetime NOT NULL
);
CREATE INDEX "practice_cache_expires" ON "practice_cache" ("expires");
CREATE TABLE "practice_consenttext" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(20) NOT NULL, "version" smallint unsigned NOT NULL CHECK ("version" >= 0), "text" text NOT NULL, "since" datetime NOT NULL, CONSTRAINT "one_text_of_each_version" UNIQUE ("kind", "version"));
CREATE TABLE "practice_addresschange" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "old" varchar(254) NOT NULL, "at" datetime NOT NULL, "undone_at" datetime NULL, "user_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "practice_addresschange_at_88769a92" ON "practice_addresschange" ("at");
CREATE INDEX "practice_addresschange_user_id_6a4d7bdd" ON "practice_addresschange" ("user_id");
CREATE TABLE "practice_article" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "slug" varchar(50) NOT NULL UNIQUE, "title" varchar(120) NOT NULL, "standfirst" text NOT NULL, "body" text NOT NULL, "regions" text NOT NULL CHECK ((JSON_VALID("regions") OR "regions" IS NULL)), "art" varchar(20) NOT NULL, "published_at" datetime NULL, "updated_at" datetime NOT NULL, "order" smallint unsigned NOT NULL CHECK ("order" >= 0), "author_id" bigint NULL REFERENCES "practice_practitioner" ("id") DEFERRABLE INITIALLY DEFERRED, "is_doctors_page" bool NOT NULL);
CREATE INDEX "practice_article_published_at_eb594fe9" ON "practice_article" ("published_at");
CREATE INDEX "practice_article_author_id_5bc522cb" ON "practice_article" ("author_id");
CREATE UNIQUE INDEX "one_doctors_page" ON "practice_article" ("is_doctors_page") WHERE "is_doctors_page";
CREATE TABLE "practice_accesslog" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at" datetime NOT NULL, "what" varchar(80) NOT NULL, "reader_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "whose_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "code" varchar(40) NOT NULL, "params" text NOT NULL CHECK ((JSON_VALID("params") OR "params" IS NULL)));
CREATE INDEX "practice_accesslog_reader_id_83a777b8" ON "practice_accesslog" ("reader_id");
CREATE INDEX "practice_accesslog_whose_id_49b06866" ON "practice_accesslog" ("whose_id");
CREATE TABLE "practice_searchword" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "word" varchar(60) COLLATE BINARY NOT NULL, "user_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "search_word_once_for_each_person" UNIQUE ("user_id", "word"));
CREATE INDEX "search_word_then_person" ON "practice_searchword" ("word", "user_id");
CREATE TABLE "practice_practitioner" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "slug" varchar(50) NOT NULL UNIQUE, "zone" varchar(64) NOT NULL, "bio" text NOT NULL, "since" smallint unsigned NULL CHECK ("since" >= 0), "is_bookable" bool NOT NULL, "order" smallint unsigned NOT NULL CHECK ("order" >= 0), "user_id" bigint NOT NULL UNIQUE REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "room_id" bigint NULL REFERENCES "practice_room" ("id") DEFERRABLE INITIALLY DEFERRED, "notices" varchar(8) NOT NULL, "video_link" varchar(300) NOT NULL, "photo" varchar(32) NOT NULL);
CREATE INDEX "practice_practitioner_room_id_5ec585b8" ON "practice_practitioner" ("room_id");
CREATE TABLE "practice_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "email" varchar(254) NULL UNIQUE, "name" varchar(150) NOT NULL, "phone" varchar(128) NOT NULL, "role" varchar(20) NOT NULL, "zone" varchar(64) NOT NULL, "is_active" bool NOT NULL, "is_demo" bool NOT NULL, "created_at" datetime NOT NULL, "wants_reminders" bool NOT NULL, "sessions_ended" integer unsigned NOT NULL CHECK ("sessions_ended" >= 0), "opens_first" varchar(5) NOT NULL, "merged_email" varchar(254) NOT NULL, "language" varchar(10) NOT NULL, "correspondent_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "merged_into_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "practice_user_role_7005f58f" ON "practice_user" ("role");
CREATE INDEX "practice_user_merged_email_aeed61e3" ON "practice_user" ("merged_email");
CREATE INDEX "practice_user_correspondent_id_3d90c1cc" ON "practice_user" ("correspondent_id");
CREATE INDEX "practice_user_merged_into_id_e919969e" ON "practice_user" ("merged_into_id");
CREATE TABLE "practice_emailtext" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "email" varchar(60) NOT NULL, "language" varchar(10) NOT NULL, "version" integer unsigned NOT NULL CHECK ("version" >= 0), "what" varchar(10) NOT NULL, "subject" varchar(150) NOT NULL, "parts" text NOT NULL CHECK ((JSON_VALID("parts") OR "parts" IS NULL)), "at" datetime NOT NULL, "by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_email_text_version" UNIQUE ("email", "language", "version"));
CREATE INDEX "practice_emailtext_by_id_fc95e2ef" ON "practice_emailtext" ("by_id");
CREATE TABLE "practice_textmessage" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "sid" varchar(40) NOT NULL UNIQUE, "status" varchar(9) NOT NULL, "error" varchar(10) NOT NULL, "segments" smallint unsigned NOT NULL CHECK ("segments" >= 0), "price" decimal NULL, "currency" varchar(3) NOT NULL, "sent_at" datetime NOT NULL, "letter_id" bigint NULL REFERENCES "practice_letter" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "practice_textnumber" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" varchar(16) NOT NULL, "way" varchar(5) NOT NULL, "version" smallint unsigned NOT NULL CHECK ("version" >= 0), "text" text NOT NULL, "code" varchar(64) NOT NULL, "code_sent_at" datetime NULL, "code_tries" smallint unsigned NOT NULL CHECK ("code_tries" >= 0), "created_at" datetime NOT NULL, "given_at" datetime NULL, "withdrawn_at" datetime NULL, "stopped_at" datetime NULL, "stopped_why" varchar(5) NOT NULL, "user_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "practice_textmessage_sent_at_c5212186" ON "practice_textmessage" ("sent_at");
CREATE INDEX "practice_textmessage_letter_id_1c8c0603" ON "practice_textmessage" ("letter_id");
CREATE INDEX "text_unpriced" ON "practice_textmessage" ("sent_at") WHERE "price" IS NULL;
CREATE UNIQUE INDEX "one_number_to_text" ON "practice_textnumber" ("user_id") WHERE "withdrawn_at" IS NULL;
CREATE INDEX "practice_textnumber_number_90b06ad4" ON "practice_textnumber" ("number");
CREATE INDEX "practice_textnumber_user_id_a5e4572d" ON "practice_textnumber" ("user_id");
CREATE TABLE "practice_emailevent" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "what" varchar(12) NOT NULL, "at" datetime NOT NULL, "recorded_at" datetime NOT NULL, "source" varchar(20) NOT NULL, "said" varchar(200) NOT NULL, "report_id" varchar(64) NOT NULL UNIQUE, "letter_id" bigint NOT NULL REFERENCES "practice_letter" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "practice_emailevent_letter_id_fe90c5b6" ON "practice_emailevent" ("letter_id");
CREATE TABLE "practice_pulse" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(40) NOT NULL UNIQUE, "at" datetime NOT NULL, "why" text NOT NULL CHECK ((JSON_VALID("why") OR "why" IS NULL)));
CREATE INDEX "email_event_at" ON "practice_emailevent" ("at");
CREATE INDEX "text_number_unconfirmed" ON "practice_textnumber" ("created_at") WHERE "given_at" IS NULL;
CREATE TABLE "practice_translatedtext" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(60) NOT NULL, "thing" bigint unsigned NOT NULL CHECK ("thing" >= 0), "field" varchar(40) NOT NULL, "language" varchar(10) NOT NULL, "text" text NOT NULL, "of" varchar(16) NOT NULL, "at" datetime NOT NULL, CONSTRAINT "one_translation_of_a_text" UNIQUE ("kind", "thing", "field", "language"));
CREATE TABLE "practice_consent" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(20) NOT NULL, "version" smallint unsigned NOT NULL CHECK ("version" >= 0), "text" text NOT NULL, "given_at" datetime NOT NULL, "withdrawn_at" datetime NULL, "user_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "signed_name" varchar(150) NOT NULL, "language" varchar(10) NOT NULL);
CREATE INDEX "practice_consent_user_id_db86109a" ON "practice_consent" ("user_id");
CREATE TABLE "practice_erasure" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" bigint NOT NULL, "proof" varchar(64) NOT NULL, "at" datetime NOT NULL);
CREATE INDEX "practice_erasure_at_47a94497" ON "practice_erasure" ("at");
CREATE TABLE "practice_letter" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" varchar(200) NOT NULL UNIQUE, "kind" varchar(60) NOT NULL, "category" varchar(20) NOT NULL, "about" varchar(80) NOT NULL, "to_name" varchar(150) NOT NULL, "to_address" varchar(254) NOT NULL, "from_name" varchar(150) NOT NULL, "reply_to" varchar(254) NOT NULL, "subject" varchar(200) NOT NULL, "text" text NOT NULL, "html" text NOT NULL, "headers" text NOT NULL CHECK ((JSON_VALID("headers") OR "headers" IS NULL)), "attachments" text NOT NULL CHECK ((JSON_VALID("attachments") OR "attachments" IS NULL)), "message_id" varchar(200) NOT NULL UNIQUE, "due_at" datetime NOT NULL, "not_after" datetime NULL, "state" varchar(12) NOT NULL, "claim" char(32) NULL, "leased_until" datetime NULL, "attempts" smallint unsigned NOT NULL CHECK ("attempts" >= 0), "created_at" datetime NOT NULL, "sent_at" datetime NULL, "blanked_at" datetime NULL, "user_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "due_wall" varchar(100) NOT NULL, "event" text NOT NULL CHECK ((JSON_VALID("event") OR "event" IS NULL)), "word" text NOT NULL, "refused_at" datetime NULL, "refusal" varchar(120) NOT NULL, "channel" varchar(12) NOT NULL, "why" text NOT NULL CHECK ((JSON_VALID("why") OR "why" IS NULL)), "request_id" varchar(64) DEFAULT '' NOT NULL);
CREATE INDEX "practice_letter_kind_80f09183" ON "practice_letter" ("kind");
CREATE INDEX "practice_letter_about_34eb27ba" ON "practice_letter" ("about");
CREATE INDEX "practice_letter_user_id_9f94a951" ON "practice_letter" ("user_id");
CREATE INDEX "letter_leased" ON "practice_letter" ("leased_until") WHERE "state" = 'claimed';
CREATE INDEX "letter_refused" ON "practice_letter" ("kind", "refused_at") WHERE "refused_at" IS NOT NULL;
CREATE INDEX "letter_state" ON "practice_letter" ("state", "due_at" DESC, "id" DESC);
CREATE INDEX "letter_due_by_category" ON "practice_letter" ("state", "category", "due_at", "id") WHERE "state" = 'planned';
CREATE INDEX "letter_sent" ON "practice_letter" ("sent_at") WHERE "sent_at" IS NOT NULL;
CREATE INDEX "letter_to_address" ON "practice_letter" ("to_address", "due_at" DESC);
CREATE INDEX "letter_not_blanked" ON "practice_letter" ("due_at", "id") WHERE "blanked_at" IS NULL;
CREATE INDEX "letter_names_someone" ON "practice_letter" ("due_at", "id") WHERE ("to_address" > '' OR "to_name" > '' OR ("category" = 'notice' AND "subject" > ''));
CREATE INDEX "letter_due_first" ON "practice_letter" ("state", "due_at", "id") WHERE ("state" = 'planned' AND NOT ("category" = 'encouragement'));
CREATE TABLE "practice_dooropening" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "why" varchar(16) NOT NULL, "at" datetime NOT NULL, "is_open" bool NOT NULL, "transaction_id" bigint NOT NULL, CONSTRAINT "door_opens_for_a_reason" CHECK ("why" IN ('erasure', 'merge', 'parting', 'retention', 'import_undone', 'keys', 'lesson', 'demo')));
CREATE INDEX "door_is_open" ON "practice_dooropening" ("transaction_id") WHERE "is_open";
CREATE TRIGGER append_only_UPDATE_practice_accesslog BEFORE UPDATE ON practice_accesslog
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of practice_accesslog are never changed or removed'); END;
CREATE TRIGGER append_only_DELETE_practice_accesslog BEFORE DELETE ON practice_accesslog
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of practice_accesslog are never changed or removed'); END;
CREATE TABLE "booking_idempotencykey" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" varchar(200) NOT NULL UNIQUE, "body_hash" varchar(64) NOT NULL, "status" smallint unsigned NULL CHECK ("status" >= 0), "created_at" datetime NOT NULL, "answer" text NULL);
CREATE TABLE "booking_sessiontype_practitioners" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "sessiontype_id" bigint NOT NULL REFERENCES "booking_sessiontype" ("id") DEFERRABLE INITIALLY DEFERRED, "practitioner_id" bigint NOT NULL REFERENCES "practice_practitioner" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "booking_idempotencykey_created_at_1e84f129" ON "booking_idempotencykey" ("created_at");
CREATE UNIQUE INDEX "booking_sessiontype_practitioners_sessiontype_id_practitioner_id_e626223b_uniq" ON "booking_sessiontype_practitioners" ("sessiontype_id", "practitioner_id");
CREATE INDEX "booking_sessiontype_practitioners_sessiontype_id_41a8c3e7" ON "booking_sessiontype_practitioners" ("sessiontype_id");
CREATE INDEX "booking_sessiontype_practitioners_practitioner_id_1115ce3f" ON "booking_sessiontype_practitioners" ("practitioner_id");
CREATE TABLE "booking_offer" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "uid" char(32) NOT NULL UNIQUE, "state" varchar(10) NOT NULL, "offered_at" datetime NOT NULL, "expires_at" datetime NOT NULL, "answered_at" datetime NULL, "appointment_id" bigint NOT NULL UNIQUE REFERENCES "booking_appointment" ("id") DEFERRABLE INITIALLY DEFERRED, "freed_id" bigint NULL REFERENCES "booking_appointment" ("id") DEFERRABLE INITIALLY DEFERRED, "entry_id" bigint NOT NULL REFERENCES "booking_waitlistentry" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "offer_open" ON "booking_offer" ("expires_at") WHERE "state" = 'open';
CREATE UNIQUE INDEX "one_open_offer_for_each" ON "booking_offer" ("entry_id") WHERE "state" = 'open';
CREATE INDEX "booking_offer_freed_id_e7013630" ON "booking_offer" ("freed_id");
CREATE INDEX "booking_offer_entry_id_6b4e804c" ON "booking_offer" ("entry_id");
CREATE TABLE "booking_packageuse" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" smallint unsigned NOT NULL CHECK ("number" >= 0), "used_at" datetime NOT NULL, "given_back_at" datetime NULL, "appointment_id" bigint NOT NULL REFERENCES "booking_appointment" ("id") DEFERRABLE INITIALLY DEFERRED, "package_id" bigint NOT NULL REFERENCES "booking_package" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE UNIQUE INDEX "one_use_of_each_session" ON "booking_packageuse" ("package_id", "number") WHERE "given_back_at" IS NULL;
CREATE UNIQUE INDEX "one_package_for_an_appointment" ON "booking_packageuse" ("appointment_id") WHERE "given_back_at" IS NULL;
CREATE INDEX "booking_packageuse_appointment_id_c2c7aeed" ON "booking_packageuse" ("appointment_id");
CREATE INDEX "booking_packageuse_package_id_898e09c8" ON "booking_packageuse" ("package_id");
CREATE TABLE "booking_calendarfeed" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(80) NOT NULL, "key" varchar(64) NOT NULL UNIQUE, "shows" varchar(10) NOT NULL, "created_at" datetime NOT NULL, "revoked_at" datetime NULL, "owner_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "practitioner_id" bigint NULL REFERENCES "practice_practitioner" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "booking_busytime" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "starts_at" datetime NOT NULL, "ends_at" datetime NOT NULL, "calendar_id" bigint NOT NULL REFERENCES "booking_importedcalendar" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "busy_ends_after_it_starts" CHECK ("ends_at" > ("starts_at")));
CREATE INDEX "booking_calendarfeed_owner_id_9345e19f" ON "booking_calendarfeed" ("owner_id");
CREATE INDEX "booking_calendarfeed_practitioner_id_61fd9272" ON "booking_calendarfeed" ("practitioner_id");
CREATE INDEX "booking_busytime_calendar_id_93a56925" ON "booking_busytime" ("calendar_id");
CREATE INDEX "busy_time" ON "booking_busytime" ("calendar_id", "starts_at", "ends_at");
CREATE TABLE "booking_intakequestion" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "text" varchar(200) NOT NULL, "help_text" varchar(200) NOT NULL, "kind" varchar(8) NOT NULL, "choices" text NOT NULL, "is_active" bool NOT NULL, "order" smallint unsigned NOT NULL CHECK ("order" >= 0));
CREATE TABLE "booking_intake" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "uid" char(32) NOT NULL UNIQUE, "answers" text NOT NULL, "version" integer unsigned NOT NULL CHECK ("version" >= 0), "needs_human" varchar(20) NOT NULL, "cleared_at" datetime NULL, "created_at" datetime NOT NULL, "saved_at" datetime NULL, "handed_in_at" datetime NULL, "appointment_id" bigint NULL REFERENCES "booking_appointment" ("id") DEFERRABLE INITIALLY DEFERRED, "cleared_by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "client_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE UNIQUE INDEX "one_open_intake_for_each" ON "booking_intake" ("client_id") WHERE "handed_in_at" IS NULL;
CREATE INDEX "booking_intake_appointment_id_0e4b08ce" ON "booking_intake" ("appointment_id");
CREATE INDEX "booking_intake_cleared_by_id_d361c92b" ON "booking_intake" ("cleared_by_id");
CREATE INDEX "booking_intake_client_id_8f3ef1f6" ON "booking_intake" ("client_id");
CREATE INDEX "intake_needs_human" ON "booking_intake" ("client_id") WHERE ("cleared_at" IS NULL AND NOT ("needs_human" = ''));
CREATE TABLE "booking_importedcalendar" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(80) NOT NULL, "url" text NOT NULL, "is_active" bool NOT NULL, "etag" varchar(200) NOT NULL, "last_modified" varchar(100) NOT NULL, "fetch_at" datetime NOT NULL, "fetched_at" datetime NULL, "failures" smallint unsigned NOT NULL CHECK ("failures" >= 0), "trouble" text NOT NULL, "warning" text NOT NULL, "practitioner_id" bigint NOT NULL REFERENCES "practice_practitioner" ("id") DEFERRABLE INITIALLY DEFERRED, "my_addresses" varchar(300) NOT NULL, "unanswered_count" bool NOT NULL, "all_day_count" bool NOT NULL, "offered_address" varchar(254) NOT NULL, "added_at" datetime NOT NULL, "checked_at" datetime NULL, "emptied_at" datetime NULL);
CREATE INDEX "booking_importedcalendar_practitioner_id_31a5f739" ON "booking_importedcalendar" ("practitioner_id");
CREATE INDEX "calendar_to_fetch" ON "booking_importedcalendar" ("fetch_at") WHERE "is_active";
CREATE TABLE "booking_package" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "sessions" smallint unsigned NOT NULL CHECK ("sessions" >= 0), "price_cents" integer unsigned NOT NULL CHECK ("price_cents" >= 0), "currency" varchar(3) NOT NULL, "sold_at" datetime NOT NULL, "valid_until" date NULL, "note" text NOT NULL, "is_demo" bool NOT NULL, "session_type_id" bigint NOT NULL REFERENCES "booking_sessiontype" ("id") DEFERRABLE INITIALLY DEFERRED, "sold_by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "client_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "booking_package_session_type_id_1aca06c1" ON "booking_package" ("session_type_id");
CREATE INDEX "booking_package_sold_by_id_11ef609f" ON "booking_package" ("sold_by_id");
CREATE INDEX "booking_package_client_id_4a61e818" ON "booking_package" ("client_id");
CREATE TABLE "booking_openinghours" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "weekday" smallint unsigned NOT NULL CHECK ("weekday" >= 0), "opens" time NOT NULL, "closes" time NOT NULL, "practitioner_id" bigint NOT NULL REFERENCES "practice_practitioner" ("id") DEFERRABLE INITIALLY DEFERRED, "past_midnight" bool NOT NULL, CONSTRAINT "hours_end_after_they_begin" CHECK (("closes" > ("opens") OR "closes" = '00:00:00' OR "past_midnight")));
CREATE INDEX "booking_openinghours_practitioner_id_34549ed1" ON "booking_openinghours" ("practitioner_id");
CREATE TABLE "booking_closure" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "first_day" date NOT NULL, "last_day" date NOT NULL, "opens" time NULL, "closes" time NULL, "reason" text NOT NULL, "practitioner_id" bigint NULL REFERENCES "practice_practitioner" ("id") DEFERRABLE INITIALLY DEFERRED, "past_midnight" bool NOT NULL, CONSTRAINT "closure_ends_after_it_begins" CHECK ("last_day" >= ("first_day")), CONSTRAINT "closure_hours_end_after_they_begin" CHECK (("opens" IS NULL OR "closes" > ("opens") OR "closes" = '00:00:00' OR "past_midnight")));
CREATE INDEX "booking_closure_first_day_4ee4c3e3" ON "booking_closure" ("first_day");
CREATE INDEX "booking_closure_last_day_9f014e0d" ON "booking_closure" ("last_day");
CREATE INDEX "booking_closure_practitioner_id_5e72ea3a" ON "booking_closure" ("practitioner_id");
CREATE TABLE "booking_sessiontype" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "slug" varchar(50) NOT NULL UNIQUE, "name" varchar(80) NOT NULL, "description" text NOT NULL, "minutes" smallint unsigned NOT NULL CHECK ("minutes" >= 0), "price_cents" integer unsigned NOT NULL CHECK ("price_cents" >= 0), "buffer_before" smallint unsigned NOT NULL CHECK ("buffer_before" >= 0), "buffer_after" smallint unsigned NOT NULL CHECK ("buffer_after" >= 0), "buffer_rule" varchar(3) NOT NULL, "buffers_inside_hours" bool NOT NULL, "step" smallint unsigned NULL CHECK ("step" >= 0), "notice_hours" smallint unsigned NOT NULL CHECK ("notice_hours" >= 0), "horizon_days" smallint unsigned NOT NULL CHECK ("horizon_days" >= 0), "daily_limit" smallint unsigned NULL CHECK ("daily_limit" >= 0), "is_active" bool NOT NULL, "order" smallint unsigned NOT NULL CHECK ("order" >= 0), "gaps" varchar(8) NOT NULL, "needs_approval" bool NOT NULL, "preparation" text NOT NULL, "who" varchar(10) NOT NULL, "place" varchar(8) NOT NULL, "travel_before" smallint unsigned NOT NULL CHECK ("travel_before" >= 0), "travel_after" smallint unsigned NOT NULL CHECK ("travel_after" >= 0), "video_link" varchar(300) NOT NULL);
CREATE TABLE "booking_appointmentchange" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at" datetime NOT NULL, "what" varchar(12) NOT NULL, "by_staff" bool NOT NULL, "starts_at" datetime NOT NULL, "was_starts_at" datetime NULL, "note" text NOT NULL, "appointment_id" bigint NOT NULL REFERENCES "booking_appointment" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "before" text NULL CHECK ((JSON_VALID("before") OR "before" IS NULL)), "was_practitioner_id" bigint NULL REFERENCES "practice_practitioner" ("id") DEFERRABLE INITIALLY DEFERRED, "code" varchar(24) NOT NULL, "params" text NOT NULL CHECK ((JSON_VALID("params") OR "params" IS NULL)));
CREATE INDEX "booking_appointmentchange_appointment_id_85a9a20b" ON "booking_appointmentchange" ("appointment_id");
CREATE INDEX "booking_appointmentchange_by_id_c6d17343" ON "booking_appointmentchange" ("by_id");
CREATE INDEX "booking_appointmentchange_was_practitioner_id_43ff9e7a" ON "booking_appointmentchange" ("was_practitioner_id");
CREATE INDEX "change_lately" ON "booking_appointmentchange" ("at");
CREATE TABLE "booking_appointment" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "uid" char(32) NOT NULL UNIQUE, "attendee_name" varchar(150) NOT NULL, "starts_at" datetime NOT NULL, "ends_at" datetime NOT NULL, "occupies" bool NOT NULL, "state" varchar(12) NOT NULL, "sequence" integer unsigned NOT NULL CHECK ("sequence" >= 0), "minutes" smallint unsigned NOT NULL CHECK ("minutes" >= 0), "buffer_before" smallint unsigned NOT NULL CHECK ("buffer_before" >= 0), "buffer_after" smallint unsigned NOT NULL CHECK ("buffer_after" >= 0), "price_cents" integer unsigned NOT NULL CHECK ("price_cents" >= 0), "currency" varchar(3) NOT NULL, "policy" text NOT NULL CHECK ((JSON_VALID("policy") OR "policy" IS NULL)), "zone" varchar(64) NOT NULL, "wall_time" varchar(40) NOT NULL, "moves" smallint unsigned NOT NULL CHECK ("moves" >= 0), "override_note" text NOT NULL, "hold_expires_at" datetime NULL, "visitor" varchar(64) NOT NULL, "booked_at" datetime NULL, "cancelled_at" datetime NULL, "is_demo" bool NOT NULL, "created_at" datetime NOT NULL, "client_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "practitioner_id" bigint NOT NULL REFERENCES "practice_practitioner" ("id") DEFERRABLE INITIALLY DEFERRED, "room_id" bigint NULL REFERENCES "practice_room" ("id") DEFERRABLE INITIALLY DEFERRED, "session_type_id" bigint NOT NULL REFERENCES "booking_sessiontype" ("id") DEFERRABLE INITIALLY DEFERRED, "answer_by" datetime NULL, "series" char(32) NULL, "declined" bool NOT NULL, "free_until" datetime NULL, "confirmed_at" datetime NULL, "is_claim" bool NOT NULL, "wall_here" varchar(100) NOT NULL, "attendee_unclear" bool NOT NULL, "correspondent_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "place" varchar(8) NOT NULL, "address" text NOT NULL, "phone" varchar(40) NOT NULL, CONSTRAINT "appointment_ends_after_it_starts" CHECK ("ends_at" > ("starts_at")), CONSTRAINT "away_takes_no_room" CHECK (("place" = 'practice' OR "room_id" IS NULL)));
CREATE INDEX "booking_appointment_visitor_72a0297d" ON "booking_appointment" ("visitor");
CREATE INDEX "booking_appointment_client_id_0239eedc" ON "booking_appointment" ("client_id");
CREATE INDEX "booking_appointment_practitioner_id_c5262dca" ON "booking_appointment" ("practitioner_id");
CREATE INDEX "booking_appointment_room_id_0cdbc244" ON "booking_appointment" ("room_id");
CREATE INDEX "booking_appointment_session_type_id_30da51c5" ON "booking_appointment" ("session_type_id");
CREATE INDEX "booking_appointment_series_07ee1459" ON "booking_appointment" ("series");
CREATE INDEX "booking_appointment_correspondent_id_2725bc44" ON "booking_appointment" ("correspondent_id");
CREATE INDEX "appointment_taken" ON "booking_appointment" ("practitioner_id", "starts_at") WHERE "occupies";
CREATE INDEX "appointment_by_practitioner" ON "booking_appointment" ("practitioner_id", "starts_at");
CREATE INDEX "appointment_by_client" ON "booking_appointment" ("client_id", "starts_at");
CREATE INDEX "appointment_holds" ON "booking_appointment" ("hold_expires_at") WHERE "state" = 'held';
CREATE INDEX "appointment_room_taken" ON "booking_appointment" ("room_id", "starts_at") WHERE "occupies";
CREATE INDEX "appointment_requests" ON "booking_appointment" ("answer_by") WHERE "state" = 'pending';
CREATE INDEX "appointment_by_booker" ON "booking_appointment" ("correspondent_id", "starts_at") WHERE "correspondent_id" IS NOT NULL;
CREATE TABLE "booking_waitlistentry" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "uid" char(32) NOT NULL UNIQUE, "attendee_name" varchar(150) NOT NULL, "zone" varchar(64) NOT NULL, "weekdays" text NOT NULL CHECK ((JSON_VALID("weekdays") OR "weekdays" IS NULL)), "earliest" time NULL, "latest" time NULL, "first_day" date NULL, "last_day" date NOT NULL, "state" varchar(10) NOT NULL, "created_at" datetime NOT NULL, "is_demo" bool NOT NULL, "client_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "practitioner_id" bigint NULL REFERENCES "practice_practitioner" ("id") DEFERRABLE INITIALLY DEFERRED, "session_type_id" bigint NOT NULL REFERENCES "booking_sessiontype" ("id") DEFERRABLE INITIALLY DEFERRED, "swaps_id" bigint NULL REFERENCES "booking_appointment" ("id") DEFERRABLE INITIALLY DEFERRED, "address" text NOT NULL, "phone" varchar(40) NOT NULL);
CREATE INDEX "booking_waitlistentry_client_id_28fecf31" ON "booking_waitlistentry" ("client_id");
CREATE INDEX "booking_waitlistentry_practitioner_id_74dad5e4" ON "booking_waitlistentry" ("practitioner_id");
CREATE INDEX "booking_waitlistentry_session_type_id_0ab82ab8" ON "booking_waitlistentry" ("session_type_id");
CREATE INDEX "booking_waitlistentry_swaps_id_4b3036f9" ON "booking_waitlistentry" ("swaps_id");
CREATE INDEX "waitlist_waiting" ON "booking_waitlistentry" ("created_at") WHERE "state" = 'waiting';
CREATE INDEX "waitlist_of_client" ON "booking_waitlistentry" ("client_id", "state");
CREATE TABLE "booking_blockedtime" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "starts_at" datetime NOT NULL, "ends_at" datetime NOT NULL, "reason" text NOT NULL, "created_at" datetime NOT NULL, "made_by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "practitioner_id" bigint NOT NULL REFERENCES "practice_practitioner" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "block_ends_after_it_starts" CHECK ("ends_at" > ("starts_at")));
CREATE INDEX "booking_blockedtime_made_by_id_1a7a702b" ON "booking_blockedtime" ("made_by_id");
CREATE INDEX "booking_blockedtime_practitioner_id_8f4da115" ON "booking_blockedtime" ("practitioner_id");
CREATE INDEX "blocked_time" ON "booking_blockedtime" ("practitioner_id", "starts_at", "ends_at");
CREATE TABLE "booking_receipt" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer unsigned NOT NULL UNIQUE CHECK ("number" >= 0), "cents" integer NOT NULL, "tax_cents" integer NOT NULL, "currency" varchar(3) NOT NULL, "issued_at" datetime NOT NULL, "content" text NOT NULL CHECK ((JSON_VALID("content") OR "content" IS NULL)), "is_demo" bool NOT NULL, "appointment_id" bigint NOT NULL REFERENCES "booking_appointment" ("id") DEFERRABLE INITIALLY DEFERRED, "issued_by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "payer_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "replaces_id" bigint NULL UNIQUE REFERENCES "booking_receipt" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "booking_ledgerentry" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "what" varchar(12) NOT NULL, "how" varchar(12) NOT NULL, "cents" integer NOT NULL, "currency" varchar(3) NOT NULL, "at" datetime NOT NULL, "key" varchar(120) NOT NULL UNIQUE, "note" text NOT NULL, "is_demo" bool NOT NULL, "appointment_id" bigint NULL REFERENCES "booking_appointment" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "corrects_id" bigint NULL UNIQUE REFERENCES "booking_ledgerentry" ("id") DEFERRABLE INITIALLY DEFERRED, "package_id" bigint NULL REFERENCES "booking_package" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "paid_for_one_thing" CHECK ((("appointment_id" IS NOT NULL AND "package_id" IS NULL) OR ("appointment_id" IS NULL AND "package_id" IS NOT NULL))));
CREATE INDEX "booking_receipt_appointment_id_2124cdb0" ON "booking_receipt" ("appointment_id");
CREATE INDEX "booking_receipt_issued_by_id_d5d228bb" ON "booking_receipt" ("issued_by_id");
CREATE INDEX "booking_receipt_payer_id_6aa07bde" ON "booking_receipt" ("payer_id");
CREATE INDEX "booking_ledgerentry_appointment_id_eaf6bdb1" ON "booking_ledgerentry" ("appointment_id");
CREATE INDEX "booking_ledgerentry_by_id_bc193b64" ON "booking_ledgerentry" ("by_id");
CREATE INDEX "booking_ledgerentry_package_id_de243b02" ON "booking_ledgerentry" ("package_id");
CREATE INDEX "ledger_by_day" ON "booking_ledgerentry" ("at");
CREATE TABLE "booking_import" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(12) NOT NULL, "state" varchar(10) NOT NULL, "name" varchar(200) NOT NULL, "content" text NOT NULL, "choices" text NOT NULL, "headings" text NULL, "total" integer unsigned NOT NULL CHECK ("total" >= 0), "position" integer unsigned NOT NULL CHECK ("position" >= 0), "claim" varchar(32) NOT NULL, "leased_until" datetime NULL, "tries" smallint unsigned NOT NULL CHECK ("tries" >= 0), "created_at" datetime NOT NULL, "ended_at" datetime NULL, "by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "import_at_work" ON "booking_import" ("created_at") WHERE "state" IN ('checking', 'running', 'undoing');
CREATE TABLE "booking_importrow" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "raw" text NULL, "verdict" varchar(8) NOT NULL, "why" text NOT NULL CHECK ((JSON_VALID("why") OR "why" IS NULL)), "made_client" bool NOT NULL, "filled" text NOT NULL CHECK ((JSON_VALID("filled") OR "filled" IS NULL)), "no_reminders" bool NOT NULL, "undone" bool NOT NULL, "stays" text NOT NULL CHECK ((JSON_VALID("stays") OR "stays" IS NULL)), "appointment_id" bigint NULL REFERENCES "booking_appointment" ("id") DEFERRABLE INITIALLY DEFERRED, "client_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "job_id" bigint NOT NULL REFERENCES "booking_import" ("id") DEFERRABLE INITIALLY DEFERRED, "package_id" bigint NULL REFERENCES "booking_package" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_result_of_each_row" UNIQUE ("job_id", "number"));
CREATE INDEX "booking_import_by_id_3c7b3530" ON "booking_import" ("by_id");
CREATE INDEX "booking_importrow_appointment_id_0cad25ec" ON "booking_importrow" ("appointment_id");
CREATE INDEX "booking_importrow_client_id_54c44640" ON "booking_importrow" ("client_id");
CREATE INDEX "booking_importrow_job_id_4a87c518" ON "booking_importrow" ("job_id");
CREATE INDEX "booking_importrow_package_id_da811b19" ON "booking_importrow" ("package_id");
CREATE INDEX "import_rows_by_verdict" ON "booking_importrow" ("job_id", "verdict", "number");
CREATE INDEX "appointment_released" ON "booking_appointment" ("created_at") WHERE ("state" = 'released' AND NOT ("visitor" = ''));
CREATE TABLE "booking_availabilityversion" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "subject" varchar(24) NOT NULL, "token" bigint NOT NULL);
CREATE INDEX "booking_availabilityversion_subject_b1c504ff" ON "booking_availabilityversion" ("subject");
CREATE TRIGGER append_only_UPDATE_booking_appointmentchange BEFORE UPDATE ON booking_appointmentchange
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of booking_appointmentchange are never changed or removed'); END;
CREATE TRIGGER append_only_DELETE_booking_appointmentchange BEFORE DELETE ON booking_appointmentchange
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of booking_appointmentchange are never changed or removed'); END;
CREATE TRIGGER append_only_UPDATE_booking_ledgerentry BEFORE UPDATE ON booking_ledgerentry
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of booking_ledgerentry are never changed or removed'); END;
CREATE TRIGGER append_only_DELETE_booking_ledgerentry BEFORE DELETE ON booking_ledgerentry
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of booking_ledgerentry are never changed or removed'); END;
CREATE TRIGGER append_only_UPDATE_booking_receipt BEFORE UPDATE ON booking_receipt
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of booking_receipt are never changed or removed'); END;
CREATE TRIGGER append_only_DELETE_booking_receipt BEFORE DELETE ON booking_receipt
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of booking_receipt are never changed or removed'); END;
CREATE INDEX "appointment_by_room" ON "booking_appointment" ("room_id", "starts_at");
CREATE TABLE "mfa_authenticator" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "type" varchar(20) NOT NULL, "data" text NOT NULL CHECK ((JSON_VALID("data") OR "data" IS NULL)), "user_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "created_at" datetime NOT NULL, "last_used_at" datetime NULL);
CREATE INDEX "mfa_authenticator_user_id_0c3a50c0" ON "mfa_authenticator" ("user_id");
CREATE UNIQUE INDEX "unique_authenticator_type" ON "mfa_authenticator" ("user_id", "type") WHERE "type" IN ('totp', 'recovery_codes');
CREATE TABLE "portal_lesson" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "slug" varchar(50) NOT NULL UNIQUE, "title" varchar(120) NOT NULL, "standfirst" text NOT NULL, "position" varchar(80) NOT NULL, "things" varchar(200) NOT NULL, "regions" text NOT NULL CHECK ((JSON_VALID("regions") OR "regions" IS NULL)), "guidelines" text NOT NULL, "expectations" text NOT NULL, "what_happened" text NOT NULL, "voice" varchar(120) NOT NULL, "is_free" bool NOT NULL, "is_published" bool NOT NULL, "order" smallint unsigned NOT NULL CHECK ("order" >= 0), "updated_at" datetime NOT NULL, "draft" text NULL CHECK ((JSON_VALID("draft") OR "draft" IS NULL)), "withdrawn_at" datetime NULL);
CREATE TABLE "portal_cue" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "start_ms" integer unsigned NOT NULL CHECK ("start_ms" >= 0), "end_ms" integer unsigned NOT NULL CHECK ("end_ms" >= 0), "text" text NOT NULL, "audio_id" bigint NOT NULL REFERENCES "portal_lessonaudio" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "portal_chapter" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "start_ms" integer unsigned NOT NULL CHECK ("start_ms" >= 0), "title" varchar(120) NOT NULL, "audio_id" bigint NOT NULL REFERENCES "portal_lessonaudio" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "portal_cue_audio_id_9bfa47d1" ON "portal_cue" ("audio_id");
CREATE INDEX "portal_chapter_audio_id_276cc880" ON "portal_chapter" ("audio_id");
CREATE TABLE "portal_segment" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "seq" integer unsigned NOT NULL CHECK ("seq" >= 0), "start_ms" integer unsigned NOT NULL CHECK ("start_ms" >= 0), "end_ms" integer unsigned NOT NULL CHECK ("end_ms" >= 0), "rate" real NOT NULL, "began_at" datetime NOT NULL, "ended_at" datetime NOT NULL, "received_at" datetime NOT NULL, "entry_id" bigint NOT NULL REFERENCES "portal_practiceentry" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_segment_once" UNIQUE ("entry_id", "seq"), CONSTRAINT "a_segment_goes_forward" CHECK ("end_ms" >= ("start_ms")));
CREATE INDEX "portal_segment_entry_id_47258650" ON "portal_segment" ("entry_id");
CREATE TABLE "portal_assignment" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "dosage" varchar(120) NOT NULL, "order" smallint unsigned NOT NULL CHECK ("order" >= 0), "created_at" datetime NOT NULL, "ended_at" datetime NULL, "assigned_by_id" bigint NOT NULL REFERENCES "practice_practitioner" ("id") DEFERRABLE INITIALLY DEFERRED, "client_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "lesson_id" bigint NULL REFERENCES "portal_lesson" ("id") DEFERRABLE INITIALLY DEFERRED, "exercise_id" bigint NULL REFERENCES "portal_exercise" ("id") DEFERRABLE INITIALLY DEFERRED, "word" text NOT NULL, CONSTRAINT "assigned_lesson_or_exercise" CHECK ((("exercise_id" IS NOT NULL AND "lesson_id" IS NULL) OR ("exercise_id" IS NULL AND "lesson_id" IS NOT NULL))));
CREATE UNIQUE INDEX "one_live_assignment" ON "portal_assignment" ("client_id", "lesson_id") WHERE "ended_at" IS NULL;
CREATE UNIQUE INDEX "one_live_exercise" ON "portal_assignment" ("client_id", "exercise_id") WHERE "ended_at" IS NULL;
CREATE INDEX "portal_assignment_assigned_by_id_033e0e20" ON "portal_assignment" ("assigned_by_id");
CREATE INDEX "portal_assignment_client_id_c7d86d9d" ON "portal_assignment" ("client_id");
CREATE INDEX "portal_assignment_lesson_id_4111786e" ON "portal_assignment" ("lesson_id");
CREATE INDEX "portal_assignment_exercise_id_2c94bd3f" ON "portal_assignment" ("exercise_id");
CREATE TABLE "portal_practiceentry" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "uid" char(32) NOT NULL UNIQUE, "since" datetime NOT NULL, "started_at" datetime NOT NULL, "last_at" datetime NOT NULL, "finished_at" datetime NULL, "said_done" bool NOT NULL, "heard_ms" integer unsigned NOT NULL CHECK ("heard_ms" >= 0), "covered_ms" integer unsigned NOT NULL CHECK ("covered_ms" >= 0), "stopped_ms" integer unsigned NOT NULL CHECK ("stopped_ms" >= 0), "created_at" datetime NOT NULL, "lying_before" text NOT NULL, "lying_after" text NOT NULL, "noticing" text NOT NULL, "pain_before" text NULL, "pain_after" text NULL, "felt" text NOT NULL, "client_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "exercise_id" bigint NULL REFERENCES "portal_exercise" ("id") DEFERRABLE INITIALLY DEFERRED, "lesson_id" bigint NULL REFERENCES "portal_lesson" ("id") DEFERRABLE INITIALLY DEFERRED, "recording_id" bigint NULL REFERENCES "portal_lessonaudio" ("id") DEFERRABLE INITIALLY DEFERRED, "cleared_at" datetime NULL, "cleared_by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "needs_human" varchar(20) NOT NULL, "first_id" bigint NULL REFERENCES "portal_practiceentry" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "a_lesson_or_an_exercise" CHECK ((("exercise_id" IS NOT NULL AND "lesson_id" IS NULL) OR ("exercise_id" IS NULL AND "lesson_id" IS NOT NULL))));
CREATE INDEX "portal_practiceentry_client_id_960aedb5" ON "portal_practiceentry" ("client_id");
CREATE INDEX "portal_practiceentry_exercise_id_bc56c63d" ON "portal_practiceentry" ("exercise_id");
CREATE INDEX "portal_practiceentry_lesson_id_aceed040" ON "portal_practiceentry" ("lesson_id");
CREATE INDEX "portal_practiceentry_recording_id_fc9d7e55" ON "portal_practiceentry" ("recording_id");
CREATE INDEX "portal_practiceentry_cleared_by_id_b82a0c05" ON "portal_practiceentry" ("cleared_by_id");
CREATE INDEX "portal_practiceentry_first_id_e889bebc" ON "portal_practiceentry" ("first_id");
CREATE INDEX "entry_of_client" ON "portal_practiceentry" ("client_id", "last_at" DESC);
CREATE INDEX "entry_of_lesson" ON "portal_practiceentry" ("client_id", "lesson_id", "last_at" DESC);
CREATE INDEX "entry_needs_human" ON "portal_practiceentry" ("client_id") WHERE ("cleared_at" IS NULL AND NOT ("needs_human" = ''));
CREATE TABLE "portal_client" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "plan" text NOT NULL, "obstacle" text NOT NULL, "letter_at" time NOT NULL, "letter_weekdays" text NOT NULL CHECK ((JSON_VALID("letter_weekdays") OR "letter_weekdays" IS NULL)), "paused_until" datetime NULL, "answered_at" datetime NULL, "user_id" bigint NOT NULL UNIQUE REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "portal_guidelinesread" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "digest" varchar(64) NOT NULL, "at" datetime NOT NULL, "client_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "lesson_id" bigint NOT NULL REFERENCES "portal_lesson" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_reading_of_guidelines" UNIQUE ("client_id", "lesson_id"));
CREATE INDEX "portal_guidelinesread_client_id_620ef376" ON "portal_guidelinesread" ("client_id");
CREATE INDEX "portal_guidelinesread_lesson_id_42ae7faf" ON "portal_guidelinesread" ("lesson_id");
CREATE TABLE "portal_noteamendment" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at" datetime NOT NULL, "text" text NOT NULL, "by_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "note_id" bigint NOT NULL REFERENCES "portal_sessionnote" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "portal_noteamendment_by_id_22c9a195" ON "portal_noteamendment" ("by_id");
CREATE INDEX "portal_noteamendment_note_id_1bead169" ON "portal_noteamendment" ("note_id");
CREATE TABLE "portal_recordpermission" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "given_at" datetime NOT NULL, "until" datetime NOT NULL, "revoked_at" datetime NULL, "client_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "given_by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "practitioner_id" bigint NOT NULL REFERENCES "practice_practitioner" ("id") DEFERRABLE INITIALLY DEFERRED, "revoked_by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "portal_recordpermission_client_id_91e70f57" ON "portal_recordpermission" ("client_id");
CREATE INDEX "portal_recordpermission_given_by_id_35a87bc6" ON "portal_recordpermission" ("given_by_id");
CREATE INDEX "portal_recordpermission_practitioner_id_f7f1e1bc" ON "portal_recordpermission" ("practitioner_id");
CREATE INDEX "portal_recordpermission_revoked_by_id_f3ac4ce1" ON "portal_recordpermission" ("revoked_by_id");
CREATE INDEX "permission_stands" ON "portal_recordpermission" ("practitioner_id", "client_id") WHERE "revoked_at" IS NULL;
CREATE TABLE "portal_erasurerequest" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "asked_at" datetime NOT NULL, "due_at" datetime NOT NULL, "client_id" bigint NOT NULL UNIQUE REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "portal_erasurerequest_due_at_56daca11" ON "portal_erasurerequest" ("due_at");
CREATE TABLE "portal_sessionnote" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "foundation" text NOT NULL, "low_back" text NOT NULL, "whole_body" text NOT NULL, "next_time" text NOT NULL, "touched" text NOT NULL, "draft" text NOT NULL, "version" integer unsigned NOT NULL CHECK ("version" >= 0), "saved_at" datetime NOT NULL, "signed_at" datetime NULL, "appointment_id" bigint NOT NULL REFERENCES "booking_appointment" ("id") DEFERRABLE INITIALLY DEFERRED, "author_id" bigint NOT NULL REFERENCES "practice_practitioner" ("id") DEFERRABLE INITIALLY DEFERRED, "signed_by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_note_of_each_author" UNIQUE ("appointment_id", "author_id"));
CREATE INDEX "portal_sessionnote_appointment_id_958dc132" ON "portal_sessionnote" ("appointment_id");
CREATE INDEX "portal_sessionnote_author_id_291fbdd5" ON "portal_sessionnote" ("author_id");
CREATE INDEX "portal_sessionnote_signed_by_id_5cc8256f" ON "portal_sessionnote" ("signed_by_id");
CREATE UNIQUE INDEX "one_signed_note" ON "portal_sessionnote" ("appointment_id") WHERE "signed_at" IS NOT NULL;
CREATE TABLE "portal_recordnote" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at" datetime NOT NULL, "text" text NOT NULL, "author_id" bigint NOT NULL REFERENCES "practice_practitioner" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "client_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "portal_recordnote_author_id_4b72b76b" ON "portal_recordnote" ("author_id");
CREATE INDEX "portal_recordnote_by_id_4fe5f9c6" ON "portal_recordnote" ("by_id");
CREATE INDEX "portal_recordnote_client_id_821ae0b6" ON "portal_recordnote" ("client_id");
CREATE TABLE "portal_recordmerge" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at" datetime NOT NULL, "undone_at" datetime NULL, "ledger" text NULL, "by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "kept_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "merged_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "undone_by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE UNIQUE INDEX "one_merge_of_each_record" ON "portal_recordmerge" ("merged_id") WHERE "undone_at" IS NULL;
CREATE INDEX "portal_recordmerge_at_66969d82" ON "portal_recordmerge" ("at");
CREATE INDEX "portal_recordmerge_by_id_6e762fdd" ON "portal_recordmerge" ("by_id");
CREATE INDEX "portal_recordmerge_kept_id_c078a14b" ON "portal_recordmerge" ("kept_id");
CREATE INDEX "portal_recordmerge_merged_id_e0571475" ON "portal_recordmerge" ("merged_id");
CREATE INDEX "portal_recordmerge_undone_by_id_873f6955" ON "portal_recordmerge" ("undone_by_id");
CREATE TABLE "portal_collectionlesson" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "order" smallint unsigned NOT NULL CHECK ("order" >= 0), "collection_id" bigint NOT NULL REFERENCES "portal_collection" ("id") DEFERRABLE INITIALLY DEFERRED, "lesson_id" bigint NOT NULL REFERENCES "portal_lesson" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_place_in_a_collection" UNIQUE ("collection_id", "lesson_id"));
CREATE TABLE "portal_collection" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "slug" varchar(50) NOT NULL UNIQUE, "name" varchar(120) NOT NULL, "text" text NOT NULL, "is_published" bool NOT NULL, "order" smallint unsigned NOT NULL CHECK ("order" >= 0));
CREATE INDEX "portal_collectionlesson_collection_id_c614d74f" ON "portal_collectionlesson" ("collection_id");
CREATE INDEX "portal_collectionlesson_lesson_id_94ca8d29" ON "portal_collectionlesson" ("lesson_id");
CREATE TABLE "portal_question" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at_ms" integer unsigned NULL CHECK ("at_ms" >= 0), "text" text NOT NULL, "asked_at" datetime NOT NULL, "answer" text NOT NULL, "answered_at" datetime NULL, "seen_at" datetime NULL, "answered_by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "client_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "exercise_id" bigint NULL REFERENCES "portal_exercise" ("id") DEFERRABLE INITIALLY DEFERRED, "lesson_id" bigint NULL REFERENCES "portal_lesson" ("id") DEFERRABLE INITIALLY DEFERRED, "uid" char(32) NULL UNIQUE);
CREATE INDEX "portal_question_answered_by_id_a8998aed" ON "portal_question" ("answered_by_id");
CREATE INDEX "portal_question_client_id_0e95d627" ON "portal_question" ("client_id");
CREATE INDEX "portal_question_exercise_id_43991481" ON "portal_question" ("exercise_id");
CREATE INDEX "portal_question_lesson_id_823a3d1d" ON "portal_question" ("lesson_id");
CREATE INDEX "question_open" ON "portal_question" ("asked_at") WHERE "answered_at" IS NULL;
CREATE INDEX "question_of_client" ON "portal_question" ("client_id", "asked_at" DESC);
CREATE INDEX "entry_finished" ON "portal_practiceentry" ("client_id", "lesson_id") WHERE ("finished_at" IS NOT NULL OR "said_done");
CREATE TABLE "portal_lessonaudio" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "sha256" varchar(64) NOT NULL, "file" varchar(200) NOT NULL, "size" bigint unsigned NOT NULL CHECK ("size" >= 0), "duration_ms" integer unsigned NOT NULL CHECK ("duration_ms" >= 0), "content_type" varchar(40) NOT NULL, "is_current" bool NOT NULL, "created_at" datetime NOT NULL, "lesson_id" bigint NOT NULL REFERENCES "portal_lesson" ("id") DEFERRABLE INITIALLY DEFERRED, "times_to_check" bool NOT NULL, "silences" text NULL CHECK ((JSON_VALID("silences") OR "silences" IS NULL)), CONSTRAINT "one_recording_once" UNIQUE ("lesson_id", "sha256"));
CREATE UNIQUE INDEX "one_current_recording" ON "portal_lessonaudio" ("lesson_id") WHERE "is_current";
CREATE INDEX "portal_lessonaudio_lesson_id_89f27913" ON "portal_lessonaudio" ("lesson_id");
CREATE TABLE "portal_recordingupload" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "file" varchar(200) NOT NULL, "name" varchar(200) NOT NULL, "state" varchar(12) NOT NULL, "reason" text NOT NULL, "claimed_at" datetime NULL, "created_at" datetime NOT NULL, "by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "lesson_id" bigint NOT NULL REFERENCES "portal_lesson" ("id") DEFERRABLE INITIALLY DEFERRED, "tries" smallint unsigned NOT NULL CHECK ("tries" >= 0), "size" bigint unsigned NOT NULL CHECK ("size" >= 0), "fingerprint" varchar(80) NOT NULL, "arrived_at" datetime NOT NULL, "step" varchar(12) NOT NULL, "percent" smallint unsigned NOT NULL CHECK ("percent" >= 0), "dismissed_at" datetime NULL);
CREATE INDEX "portal_recordingupload_by_id_dd7639cc" ON "portal_recordingupload" ("by_id");
CREATE INDEX "portal_recordingupload_lesson_id_a995d682" ON "portal_recordingupload" ("lesson_id");
CREATE INDEX "upload_open" ON "portal_recordingupload" ("created_at") WHERE "state" IN ('waiting', 'working');
CREATE INDEX "upload_needs_person" ON "portal_recordingupload" ("lesson_id", "created_at") WHERE ("dismissed_at" IS NULL AND "state" IN ('receiving', 'waiting', 'working', 'refused'));
CREATE TABLE "portal_lessonchange" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "what" varchar(12) NOT NULL, "at" datetime NOT NULL, "by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "lesson_id" bigint NOT NULL REFERENCES "portal_lesson" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "portal_lessonchange_by_id_ec657450" ON "portal_lessonchange" ("by_id");
CREATE INDEX "portal_lessonchange_lesson_id_f48b914f" ON "portal_lessonchange" ("lesson_id");
CREATE TABLE "portal_exercise" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "slug" varchar(50) NOT NULL UNIQUE, "title" varchar(120) NOT NULL, "words" text NOT NULL, "position" varchar(80) NOT NULL, "things" varchar(200) NOT NULL, "regions" text NOT NULL CHECK ((JSON_VALID("regions") OR "regions" IS NULL)), "steps" text NOT NULL, "to_feel" text NOT NULL, "when_to_stop" text NOT NULL, "dosage" varchar(200) NOT NULL, "figure" varchar(50) NOT NULL, "is_published" bool NOT NULL, "order" smallint unsigned NOT NULL CHECK ("order" >= 0), "updated_at" datetime NOT NULL, "care" varchar(200) NOT NULL, "care_regions" text NOT NULL CHECK ((JSON_VALID("care_regions") OR "care_regions" IS NULL)), "easier" text NOT NULL, "harder" text NOT NULL, "hold_seconds" smallint unsigned NULL CHECK ("hold_seconds" >= 0), "repetitions" smallint unsigned NULL CHECK ("repetitions" >= 0), "rest_seconds" smallint unsigned NULL CHECK ("rest_seconds" >= 0), "sides" smallint unsigned NOT NULL CHECK ("sides" >= 0));
CREATE INDEX "portal_exercise_figure_04d77842" ON "portal_exercise" ("figure");
CREATE TABLE "portal_exercisemedia" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(5) NOT NULL, "state" varchar(8) NOT NULL, "key" varchar(64) NOT NULL, "width" integer unsigned NOT NULL CHECK ("width" >= 0), "height" integer unsigned NOT NULL CHECK ("height" >= 0), "duration_ms" integer unsigned NOT NULL CHECK ("duration_ms" >= 0), "words" varchar(300) NOT NULL, "order" smallint unsigned NOT NULL CHECK ("order" >= 0), "file" varchar(200) NOT NULL, "name" varchar(200) NOT NULL, "reason" text NOT NULL, "tries" smallint unsigned NOT NULL CHECK ("tries" >= 0), "claimed_at" datetime NULL, "created_at" datetime NOT NULL, "by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "exercise_id" bigint NOT NULL REFERENCES "portal_exercise" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "portal_exercisemedia_key_2667aa31" ON "portal_exercisemedia" ("key");
CREATE INDEX "portal_exercisemedia_by_id_44e7e2b3" ON "portal_exercisemedia" ("by_id");
CREATE INDEX "portal_exercisemedia_exercise_id_b4d301d9" ON "portal_exercisemedia" ("exercise_id");
CREATE INDEX "exercise_media_open" ON "portal_exercisemedia" ("created_at") WHERE "state" IN ('waiting', 'working');
CREATE TABLE "portal_activityrating" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "scores" text NOT NULL, "rated_at" datetime NOT NULL, "client_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "portal_activityrating_client_id_f504c279" ON "portal_activityrating" ("client_id");
CREATE INDEX "rating_of_client" ON "portal_activityrating" ("client_id", "rated_at" DESC);
CREATE TABLE "portal_visitorquestion" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "uid" char(32) NOT NULL UNIQUE, "name" varchar(80) NOT NULL, "email" varchar(254) NOT NULL, "text" text NOT NULL, "may_show" bool NOT NULL, "state" varchar(12) NOT NULL, "asked_at" datetime NOT NULL, "answer" text NOT NULL, "answered_at" datetime NULL, "shown_question" text NOT NULL, "shown_answer" text NOT NULL, "shown_at" datetime NULL, "answered_by_id" bigint NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "lesson_id" bigint NOT NULL REFERENCES "portal_lesson" ("id") DEFERRABLE INITIALLY DEFERRED, "language" varchar(10) NOT NULL, CONSTRAINT "shown_only_if_allowed" CHECK (("shown_at" IS NULL OR "may_show")));
CREATE INDEX "portal_visitorquestion_answered_by_id_37314f0c" ON "portal_visitorquestion" ("answered_by_id");
CREATE INDEX "portal_visitorquestion_lesson_id_e0e781e0" ON "portal_visitorquestion" ("lesson_id");
CREATE INDEX "visitor_question_open" ON "portal_visitorquestion" ("asked_at") WHERE "state" = 'waiting';
CREATE INDEX "visitor_question_shown" ON "portal_visitorquestion" ("lesson_id") WHERE "shown_at" IS NOT NULL;
CREATE TABLE "portal_followup" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "place" smallint unsigned NOT NULL CHECK ("place" >= 0), "days" smallint unsigned NOT NULL CHECK ("days" >= 0), "at" time NOT NULL, "made_at" datetime NOT NULL, "stage" varchar(12) NOT NULL, "variant" varchar(40) NOT NULL, "asks_human" bool NOT NULL, "cleared_at" datetime NULL, "appointment_id" bigint NOT NULL REFERENCES "booking_appointment" ("id") DEFERRABLE INITIALLY DEFERRED, "assignment_id" bigint NULL REFERENCES "portal_assignment" ("id") DEFERRABLE INITIALLY DEFERRED, "client_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "letter_id" bigint NULL UNIQUE REFERENCES "practice_letter" ("id") DEFERRABLE INITIALLY DEFERRED, "stopped" bool NOT NULL, "why" text NOT NULL CHECK ((JSON_VALID("why") OR "why" IS NULL)), "plan_id" bigint NULL REFERENCES "portal_followupplan" ("id") DEFERRABLE INITIALLY DEFERRED, "step_stage" varchar(12) NOT NULL, "step_variants" text NOT NULL CHECK ((JSON_VALID("step_variants") OR "step_variants" IS NULL)), CONSTRAINT "one_letter_a_step" UNIQUE ("appointment_id", "place"));
CREATE INDEX "portal_followup_appointment_id_59ddc0a0" ON "portal_followup" ("appointment_id");
CREATE INDEX "portal_followup_assignment_id_e6b8d24a" ON "portal_followup" ("assignment_id");
CREATE INDEX "portal_followup_client_id_6e49c591" ON "portal_followup" ("client_id");
CREATE INDEX "portal_followup_plan_id_8f670e49" ON "portal_followup" ("plan_id");
CREATE INDEX "follow_up_asks" ON "portal_followup" ("client_id") WHERE ("asks_human" AND "cleared_at" IS NULL);
CREATE TABLE "portal_followupplan" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(80) NOT NULL, "is_default" bool NOT NULL, "client_id" bigint NULL UNIQUE REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED, "pain" varchar(4) NOT NULL, "version" integer unsigned NOT NULL CHECK ("version" >= 0));
CREATE UNIQUE INDEX "one_default_plan" ON "portal_followupplan" ("is_default") WHERE "is_default";
CREATE TABLE "portal_followupstep" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "days" smallint unsigned NOT NULL CHECK ("days" >= 0), "at" time NULL, "plan_id" bigint NOT NULL REFERENCES "portal_followupplan" ("id") DEFERRABLE INITIALLY DEFERRED, "stage" varchar(12) NOT NULL, "variants" text NOT NULL CHECK ((JSON_VALID("variants") OR "variants" IS NULL)), CONSTRAINT "one_step_a_day" UNIQUE ("plan_id", "days"));
CREATE INDEX "portal_followupstep_plan_id_95449530" ON "portal_followupstep" ("plan_id");
CREATE UNIQUE INDEX "one_plan_for_each_pain" ON "portal_followupplan" ("pain") WHERE NOT ("pain" = '');
CREATE INDEX "entry_started" ON "portal_practiceentry" ("started_at");
CREATE TRIGGER append_only_DELETE_practice_dooropening BEFORE DELETE ON practice_dooropening
BEGIN SELECT RAISE(ABORT, 'append_only: that the door was open stays written down'); END;
CREATE TRIGGER append_only_UPDATE_practice_dooropening BEFORE UPDATE ON practice_dooropening
WHEN NOT (old.is_open AND NOT new.is_open AND new.id = old.id AND new.why = old.why AND new.at = old.at
  AND new.transaction_id = old.transaction_id)
BEGIN SELECT RAISE(ABORT, 'append_only: that the door was open stays written down'); END;
CREATE TRIGGER append_only_UPDATE_portal_activityrating BEFORE UPDATE ON portal_activityrating
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of portal_activityrating are never changed or removed'); END;
CREATE TRIGGER append_only_DELETE_portal_activityrating BEFORE DELETE ON portal_activityrating
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of portal_activityrating are never changed or removed'); END;
CREATE TRIGGER append_only_UPDATE_portal_lessonchange BEFORE UPDATE ON portal_lessonchange
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of portal_lessonchange are never changed or removed'); END;
CREATE TRIGGER append_only_DELETE_portal_lessonchange BEFORE DELETE ON portal_lessonchange
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of portal_lessonchange are never changed or removed'); END;
CREATE TRIGGER append_only_UPDATE_portal_noteamendment BEFORE UPDATE ON portal_noteamendment
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of portal_noteamendment are never changed or removed'); END;
CREATE TRIGGER append_only_DELETE_portal_noteamendment BEFORE DELETE ON portal_noteamendment
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of portal_noteamendment are never changed or removed'); END;
CREATE TRIGGER append_only_UPDATE_portal_recordnote BEFORE UPDATE ON portal_recordnote
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of portal_recordnote are never changed or removed'); END;
CREATE TRIGGER append_only_DELETE_portal_recordnote BEFORE DELETE ON portal_recordnote
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of portal_recordnote are never changed or removed'); END;
CREATE TRIGGER append_only_UPDATE_portal_segment BEFORE UPDATE ON portal_segment
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of portal_segment are never changed or removed'); END;
CREATE TRIGGER append_only_DELETE_portal_segment BEFORE DELETE ON portal_segment
WHEN NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of portal_segment are never changed or removed'); END;
CREATE TRIGGER append_only_UPDATE_portal_sessionnote BEFORE UPDATE ON portal_sessionnote
WHEN old.signed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of portal_sessionnote are never changed or removed'); END;
CREATE TRIGGER append_only_DELETE_portal_sessionnote BEFORE DELETE ON portal_sessionnote
WHEN old.signed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM practice_dooropening WHERE is_open)
BEGIN SELECT RAISE(ABORT, 'append_only: rows of portal_sessionnote are never changed or removed'); END;
CREATE TABLE "practice_practice" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(120) NOT NULL, "address" text NOT NULL, "phone" varchar(40) NOT NULL, "email" varchar(254) NOT NULL, "zone" varchar(64) NOT NULL, "currency" varchar(3) NOT NULL, "standfirst" text NOT NULL, "free_hours" smallint unsigned NOT NULL CHECK ("free_hours" >= 0), "locked_hours" smallint unsigned NOT NULL CHECK ("locked_hours" >= 0), "late_percent" smallint unsigned NOT NULL CHECK ("late_percent" >= 0), "moves_allowed" smallint unsigned NOT NULL CHECK ("moves_allowed" >= 0), "quiet_from" time NOT NULL, "quiet_until" time NOT NULL, "keep_letter_bodies_days" smallint unsigned NOT NULL CHECK ("keep_letter_bodies_days" >= 0), "treatment_consent" text NOT NULL, "consent_version" smallint unsigned NOT NULL CHECK ("consent_version" >= 0), "is_demo" bool NOT NULL, "embed_sites" text NOT NULL, "offer_minutes" smallint unsigned NOT NULL CHECK ("offer_minutes" >= 0), "reminder_hours" text NOT NULL CHECK ((JSON_VALID("reminder_hours") OR "reminder_hours" IS NULL)), "request_hours" smallint unsigned NOT NULL CHECK ("request_hours" >= 0), "keep_unfinished_intakes_days" smallint unsigned NOT NULL CHECK ("keep_unfinished_intakes_days" >= 0), "record_months" smallint unsigned NOT NULL CHECK ("record_months" >= 0), "zone_data" varchar(12) NOT NULL, "off_the_clock" bool NOT NULL, "moved_at" datetime NULL, "approach_title" varchar(120) NOT NULL, "approach" text NOT NULL, "headline" text NOT NULL, "introduction" text NOT NULL, "payments_since" date NULL, "receipt_note" varchar(200) NOT NULL, "tax_name" varchar(40) NOT NULL, "tax_number" varchar(40) NOT NULL, "tax_rate" decimal NOT NULL, "logo" varchar(48) NOT NULL, "accent" varchar(7) NOT NULL, "accent_dark" varchar(7) NOT NULL, "copied_on" date NULL, "locale" varchar(10) NOT NULL, "has_own_texts" bool NOT NULL, "translations" varchar(12) NOT NULL, "keep_email_addresses_days" smallint unsigned NOT NULL CHECK ("keep_email_addresses_days" >= 0), "keep_office_log_days" smallint unsigned NOT NULL CHECK ("keep_office_log_days" >= 0), "keep_records_years" smallint unsigned NULL CHECK ("keep_records_years" >= 0), "keep_visitor_questions_days" smallint unsigned NOT NULL CHECK ("keep_visitor_questions_days" >= 0), CONSTRAINT "one_practice" CHECK ("id" = 1));
CREATE TABLE "practice_lease" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(40) NOT NULL UNIQUE, "holder" char(32) NOT NULL, "until" datetime NOT NULL);
CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL);
CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date");
CREATE TABLE "usersessions_usersession" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "created_at" datetime NOT NULL, "ip" char(39) NOT NULL, "last_seen_at" datetime NOT NULL, "session_key" varchar(40) NOT NULL UNIQUE, "user_agent" varchar(200) NOT NULL, "data" text NOT NULL CHECK ((JSON_VALID("data") OR "data" IS NULL)), "user_id" bigint NOT NULL REFERENCES "practice_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "usersessions_usersession_user_id_af5e0a6d" ON "usersessions_usersession" ("user_id");
CREATE TRIGGER no_overlap_insert BEFORE INSERT ON booking_appointment WHEN new.occupies
BEGIN
  SELECT RAISE(ABORT, 'no_overlap: a time of another shape')
  WHERE length(new.starts_at) NOT IN (19, 26) OR new.starts_at NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'
     OR length(new.ends_at) NOT IN (19, 26) OR new.ends_at NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*';
  SELECT RAISE(ABORT, 'no_overlap_practitioner') WHERE EXISTS (
    SELECT 1 FROM booking_appointment AS other
    WHERE other.practitioner_id = new.practitioner_id AND other.occupies
      AND other.starts_at < new.ends_at AND other.ends_at > new.starts_at);
  SELECT RAISE(ABORT, 'no_overlap_room') WHERE EXISTS (
    SELECT 1 FROM booking_appointment AS other
    WHERE other.room_id = new.room_id AND other.occupies
      AND other.starts_at < new.ends_at AND other.ends_at > new.starts_at);
END;
CREATE TRIGGER no_overlap_update BEFORE UPDATE OF practitioner_id, room_id, starts_at, ends_at, occupies ON booking_appointment WHEN new.occupies
BEGIN
  SELECT RAISE(ABORT, 'no_overlap: a time of another shape')
  WHERE length(new.starts_at) NOT IN (19, 26) OR new.starts_at NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'
     OR length(new.ends_at) NOT IN (19, 26) OR new.ends_at NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*';
  SELECT RAISE(ABORT, 'no_overlap_practitioner') WHERE EXISTS (
    SELECT 1 FROM booking_appointment AS other
    WHERE other.practitioner_id = new.practitioner_id AND other.occupies
      AND other.starts_at < new.ends_at AND other.ends_at > new.starts_at AND other.id <> old.id);
  SELECT RAISE(ABORT, 'no_overlap_room') WHERE EXISTS (
    SELECT 1 FROM booking_appointment AS other
    WHERE other.room_id = new.room_id AND other.occupies
      AND other.starts_at < new.ends_at AND other.ends_at > new.starts_at AND other.id <> old.id);
END;
CREATE TRIGGER free_times_changed_booking_appointment_insert AFTER insert ON booking_appointment
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || new.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || new.practitioner_id, random() WHERE 'p:' || new.practitioner_id IS NOT NULL;
  DELETE FROM booking_availabilityversion WHERE subject = 'r:' || new.room_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'r:' || new.room_id, random() WHERE 'r:' || new.room_id IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_appointment_update AFTER update ON booking_appointment
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || old.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || old.practitioner_id, random() WHERE 'p:' || old.practitioner_id IS NOT NULL;
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || new.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || new.practitioner_id, random() WHERE 'p:' || new.practitioner_id IS NOT NULL;
  DELETE FROM booking_availabilityversion WHERE subject = 'r:' || old.room_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'r:' || old.room_id, random() WHERE 'r:' || old.room_id IS NOT NULL;
  DELETE FROM booking_availabilityversion WHERE subject = 'r:' || new.room_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'r:' || new.room_id, random() WHERE 'r:' || new.room_id IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_appointment_delete AFTER delete ON booking_appointment
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || old.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || old.practitioner_id, random() WHERE 'p:' || old.practitioner_id IS NOT NULL;
  DELETE FROM booking_availabilityversion WHERE subject = 'r:' || old.room_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'r:' || old.room_id, random() WHERE 'r:' || old.room_id IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_blockedtime_insert AFTER insert ON booking_blockedtime
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || new.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || new.practitioner_id, random() WHERE 'p:' || new.practitioner_id IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_blockedtime_update AFTER update ON booking_blockedtime
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || old.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || old.practitioner_id, random() WHERE 'p:' || old.practitioner_id IS NOT NULL;
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || new.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || new.practitioner_id, random() WHERE 'p:' || new.practitioner_id IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_blockedtime_delete AFTER delete ON booking_blockedtime
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || old.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || old.practitioner_id, random() WHERE 'p:' || old.practitioner_id IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_openinghours_insert AFTER insert ON booking_openinghours
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || new.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || new.practitioner_id, random() WHERE 'p:' || new.practitioner_id IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_openinghours_update AFTER update ON booking_openinghours
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || old.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || old.practitioner_id, random() WHERE 'p:' || old.practitioner_id IS NOT NULL;
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || new.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || new.practitioner_id, random() WHERE 'p:' || new.practitioner_id IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_openinghours_delete AFTER delete ON booking_openinghours
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || old.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || old.practitioner_id, random() WHERE 'p:' || old.practitioner_id IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_closure_insert AFTER insert ON booking_closure
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = coalesce('p:' || new.practitioner_id, 'all');
  INSERT INTO booking_availabilityversion (subject, token) SELECT coalesce('p:' || new.practitioner_id, 'all'), random() WHERE coalesce('p:' || new.practitioner_id, 'all') IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_closure_update AFTER update ON booking_closure
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = coalesce('p:' || old.practitioner_id, 'all');
  INSERT INTO booking_availabilityversion (subject, token) SELECT coalesce('p:' || old.practitioner_id, 'all'), random() WHERE coalesce('p:' || old.practitioner_id, 'all') IS NOT NULL;
  DELETE FROM booking_availabilityversion WHERE subject = coalesce('p:' || new.practitioner_id, 'all');
  INSERT INTO booking_availabilityversion (subject, token) SELECT coalesce('p:' || new.practitioner_id, 'all'), random() WHERE coalesce('p:' || new.practitioner_id, 'all') IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_closure_delete AFTER delete ON booking_closure
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = coalesce('p:' || old.practitioner_id, 'all');
  INSERT INTO booking_availabilityversion (subject, token) SELECT coalesce('p:' || old.practitioner_id, 'all'), random() WHERE coalesce('p:' || old.practitioner_id, 'all') IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_importedcalendar_insert AFTER insert ON booking_importedcalendar
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || new.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || new.practitioner_id, random() WHERE 'p:' || new.practitioner_id IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_importedcalendar_update AFTER update OF is_active, practitioner_id ON booking_importedcalendar
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || old.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || old.practitioner_id, random() WHERE 'p:' || old.practitioner_id IS NOT NULL;
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || new.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || new.practitioner_id, random() WHERE 'p:' || new.practitioner_id IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_importedcalendar_delete AFTER delete ON booking_importedcalendar
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'p:' || old.practitioner_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'p:' || old.practitioner_id, random() WHERE 'p:' || old.practitioner_id IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_busytime_insert AFTER insert ON booking_busytime
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'c:' || new.calendar_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'c:' || new.calendar_id, random() WHERE 'c:' || new.calendar_id IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_busytime_update AFTER update ON booking_busytime
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'c:' || old.calendar_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'c:' || old.calendar_id, random() WHERE 'c:' || old.calendar_id IS NOT NULL;
  DELETE FROM booking_availabilityversion WHERE subject = 'c:' || new.calendar_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'c:' || new.calendar_id, random() WHERE 'c:' || new.calendar_id IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_busytime_delete AFTER delete ON booking_busytime
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'c:' || old.calendar_id;
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'c:' || old.calendar_id, random() WHERE 'c:' || old.calendar_id IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_sessiontype_insert AFTER insert ON booking_sessiontype
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'all';
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'all', random() WHERE 'all' IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_sessiontype_update AFTER update ON booking_sessiontype
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'all';
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'all', random() WHERE 'all' IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_sessiontype_delete AFTER delete ON booking_sessiontype
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'all';
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'all', random() WHERE 'all' IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_sessiontype_practitioners_insert AFTER insert ON booking_sessiontype_practitioners
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'all';
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'all', random() WHERE 'all' IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_sessiontype_practitioners_update AFTER update ON booking_sessiontype_practitioners
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'all';
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'all', random() WHERE 'all' IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_booking_sessiontype_practitioners_delete AFTER delete ON booking_sessiontype_practitioners
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'all';
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'all', random() WHERE 'all' IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_practice_practitioner_insert AFTER insert ON practice_practitioner
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'all';
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'all', random() WHERE 'all' IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_practice_practitioner_update AFTER update ON practice_practitioner
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'all';
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'all', random() WHERE 'all' IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_practice_practitioner_delete AFTER delete ON practice_practitioner
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'all';
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'all', random() WHERE 'all' IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_practice_practice_insert AFTER insert ON practice_practice
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'all';
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'all', random() WHERE 'all' IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_practice_practice_update AFTER update ON practice_practice
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'all';
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'all', random() WHERE 'all' IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_practice_practice_delete AFTER delete ON practice_practice
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'all';
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'all', random() WHERE 'all' IS NOT NULL;
END;
CREATE TRIGGER free_times_changed_practice_user_update AFTER update OF is_active ON practice_user
BEGIN
  DELETE FROM booking_availabilityversion WHERE subject = 'all';
  INSERT INTO booking_availabilityversion (subject, token) SELECT 'all', random() WHERE 'all' IS NOT NULL;
END;
INSERT INTO django_migrations (app, name, applied) VALUES
('practice', '0001_initial', datetime('now')),
('account', '0001_initial', datetime('now')),
('account', '0002_email_max_length', datetime('now')),
('account', '0003_alter_emailaddress_create_unique_verified_email', datetime('now')),
('account', '0004_alter_emailaddress_drop_unique_email', datetime('now')),
('account', '0005_emailaddress_idx_upper_email', datetime('now')),
('account', '0006_emailaddress_lower', datetime('now')),
('account', '0007_emailaddress_idx_email', datetime('now')),
('account', '0008_emailaddress_unique_primary_email_fixup', datetime('now')),
('account', '0009_emailaddress_unique_primary_email', datetime('now')),
('contenttypes', '0001_initial', datetime('now')),
('admin', '0001_initial', datetime('now')),
('admin', '0002_logentry_remove_auto_add', datetime('now')),
('admin', '0003_logentry_add_action_flag_choices', datetime('now')),
('contenttypes', '0002_remove_content_type_name', datetime('now')),
('auth', '0001_initial', datetime('now')),
('auth', '0002_alter_permission_name_max_length', datetime('now')),
('auth', '0003_alter_user_email_max_length', datetime('now')),
('auth', '0004_alter_user_username_opts', datetime('now')),
('auth', '0005_alter_user_last_login_null', datetime('now')),
('auth', '0006_require_contenttypes_0002', datetime('now')),
('auth', '0007_alter_validators_add_error_messages', datetime('now')),
('auth', '0008_alter_user_username_max_length', datetime('now')),
('auth', '0009_alter_user_last_name_max_length', datetime('now')),
('auth', '0010_alter_group_name_max_length', datetime('now')),
('auth', '0011_update_proxy_permissions', datetime('now')),
('auth', '0012_alter_user_first_name_max_length', datetime('now')),
('practice', '0002_cache_table', datetime('now')),
('practice', '0003_wants_reminders', datetime('now')),
('practice', '0004_answers', datetime('now')),
('practice', '0005_sealed_letters', datetime('now')),
('practice', '0006_owner_choices_and_consent_texts', datetime('now')),
('practice', '0007_keep_unfinished_intakes', datetime('now')),
('practice', '0008_sign_in_help', datetime('now')),
('practice', '0009_record_months', datetime('now')),
('practice', '0010_wall_times', datetime('now')),
('practice', '0011_letter_event', datetime('now')),
('practice', '0012_letter_refusal', datetime('now')),
('practice', '0013_practice_moved_at', datetime('now')),
('practice', '0014_approach', datetime('now')),
('practice', '0015_correspondent', datetime('now')),
('practice', '0016_video_link', datetime('now')),
('practice', '0017_american_words', datetime('now')),
('practice', '0018_erasure_asked', datetime('now')),
('practice', '0019_plain_labels', datetime('now')),
('practice', '0020_letter_channel', datetime('now')),
('practice', '0021_letter_why', datetime('now')),
('practice', '0022_doctors_page_and_home_page', datetime('now')),
('practice', '0023_a_new_version_of_changed_consents', datetime('now')),
('practice', '0024_read_phone_number', datetime('now')),
('practice', '0025_phone_field', datetime('now')),
('practice', '0026_labels_of_unsure_emails', datetime('now')),
('practice', '0027_locale_is_checked', datetime('now')),
('practice', '0028_access_log_codes', datetime('now')),
('practice', '0029_plain_model_names', datetime('now')),
('practice', '0030_opens_first', datetime('now')),
('practice', '0031_search_words', datetime('now')),
('practice', '0032_receipts', datetime('now')),
('practice', '0033_merged_into', datetime('now')),
('practice', '0034_photos_and_look', datetime('now')),
('practice', '0035_copied_on', datetime('now')),
('practice', '0036_home_locale', datetime('now')),
('practice', '0037_language_of_the_page', datetime('now')),
('practice', '0038_email_texts', datetime('now')),
('practice', '0039_text_messages', datetime('now')),
('practice', '0040_email_event', datetime('now')),
('practice', '0041_own_texts_flag', datetime('now')),
('practice', '0042_heartbeat_why', datetime('now')),
('practice', '0043_short_label_of_notices', datetime('now')),
('practice', '0044_what_is_due', datetime('now')),
('practice', '0045_translated_texts', datetime('now')),
('practice', '0046_language_of_consents', datetime('now')),
('practice', '0047_erasure', datetime('now')),
('practice', '0048_letter_request_id', datetime('now')),
('practice', '0049_door_opening', datetime('now')),
('practice', '0050_append_only', datetime('now')),
('booking', '0001_initial', datetime('now')),
('booking', '0002_guard', datetime('now')),
('booking', '0003_room_index', datetime('now')),
('booking', '0004_who_and_gaps', datetime('now')),
('booking', '0005_requests_and_series', datetime('now')),
('booking', '0006_waitlist', datetime('now')),
('booking', '0007_packages', datetime('now')),
('booking', '0008_imported_calendars', datetime('now')),
('booking', '0009_intake', datetime('now')),
('booking', '0010_declined_and_free_until', datetime('now')),
('booking', '0011_changes_lately', datetime('now')),
('booking', '0012_sealed_reasons', datetime('now')),
('booking', '0013_sealed_answers', datetime('now')),
('booking', '0014_what_counts_in_calendars', datetime('now')),
('booking', '0015_confirmed_by_client', datetime('now')),
('booking', '0016_erased_clients', datetime('now')),
('booking', '0017_wall_times', datetime('now')),
('booking', '0018_handed_over', datetime('now')),
('booking', '0019_hours_past_midnight', datetime('now')),
('booking', '0020_before_a_move', datetime('now')),
('booking', '0021_was_practitioner', datetime('now')),
('booking', '0022_correspondent', datetime('now')),
('booking', '0023_whose_session', datetime('now')),
('booking', '0024_places', datetime('now')),
('booking', '0025_away_takes_no_room', datetime('now')),
('booking', '0026_american_words', datetime('now')),
('booking', '0027_plain_labels', datetime('now')),
('booking', '0028_change_codes', datetime('now')),
('booking', '0029_read_phone_numbers', datetime('now')),
('booking', '0030_phone_field', datetime('now')),
('booking', '0031_labels_of_local_times', datetime('now')),
('booking', '0032_blocked_times', datetime('now')),
('booking', '0033_payments', datetime('now')),
('booking', '0034_imports', datetime('now')),
('booking', '0035_released_holds', datetime('now')),
('booking', '0036_availability_version', datetime('now')),
('booking', '0037_append_only', datetime('now')),
('booking', '0038_what_was_in_a_room', datetime('now')),
('mfa', '0001_initial', datetime('now')),
('mfa', '0002_authenticator_timestamps', datetime('now')),
('mfa', '0003_authenticator_type_uniq', datetime('now')),
('portal', '0001_initial', datetime('now')),
('portal', '0002_recording_upload', datetime('now')),
('portal', '0003_exercise', datetime('now')),
('portal', '0004_practice_entry', datetime('now')),
('portal', '0005_assigned_exercises', datetime('now')),
('portal', '0006_needs_human', datetime('now')),
('portal', '0007_client', datetime('now')),
('portal', '0008_session_note', datetime('now')),
('portal', '0009_question', datetime('now')),
('portal', '0010_follow_up', datetime('now')),
('portal', '0011_follow_up_stopped', datetime('now')),
('portal', '0012_record_permission', datetime('now')),
('portal', '0013_erasure_request', datetime('now')),
('portal', '0014_american_words', datetime('now')),
('portal', '0015_a_note_of_each_author', datetime('now')),
('portal', '0016_record_note', datetime('now')),
('portal', '0017_plain_labels', datetime('now')),
('portal', '0018_follow_up_why', datetime('now')),
('portal', '0019_upload_tries', datetime('now')),
('portal', '0020_remove_peaks', datetime('now')),
('portal', '0021_plain_model_names', datetime('now')),
('portal', '0022_record_merge', datetime('now')),
('portal', '0023_collection', datetime('now')),
('portal', '0024_question_uid', datetime('now')),
('portal', '0025_entry_finished', datetime('now')),
('portal', '0026_recording_progress', datetime('now')),
('portal', '0027_drafts_and_withdrawn_lessons', datetime('now')),
('portal', '0028_silences_of_recordings', datetime('now')),
('portal', '0029_exercise_timing', datetime('now')),
('portal', '0030_exercise_media', datetime('now')),
('portal', '0031_visitor_question', datetime('now')),
('portal', '0032_activity_rating', datetime('now')),
('portal', '0033_language_of_visitors', datetime('now')),
('portal', '0034_editable_plans', datetime('now')),
('portal', '0035_entries_by_start', datetime('now')),
('portal', '0036_append_only', datetime('now')),
('practice', '0051_retention_periods', datetime('now')),
('practice', '0052_lease', datetime('now')),
('sessions', '0001_initial', datetime('now')),
('usersessions', '0001_initial', datetime('now'));
