/* A small test collection: 40 items of a harbour office in three sources, and
 * 15 questions with what answers them. Written for this test; the judgements
 * were made by reading, before any ranking was looked at. */
#ifndef GATEHOUSE_COLLECTION_H
#define GATEHOUSE_COLLECTION_H

enum { MAIL, FILES, NOTES, SOURCES, ITEMS = 40, QUESTIONS = 15 };

static const struct written {
	const char *id;
	int source;
	const char *time;
	const char *same; /* the thing itself, where two sources have it */
	const char *title;
	const char *text;
} written[ITEMS] = {
	// clang-format off
	{ "m01", MAIL, "2026-03-02", NULL, "Re: lease of quay 4", "The harbour master agrees to renew the lease of quay 4 for five years at the old rent." },
	{ "m02", MAIL, "2026-03-09", NULL, "Crane inspection on Friday", "The inspector comes on Friday. The big crane must stand still from noon." },
	{ "m03", MAIL, "2026-01-15", "winter-duty", "Winter duty roster", "Attached: who is on duty in the winter weeks, nights and holidays." },
	{ "m04", MAIL, "2026-03-11", NULL, "Lunch on Friday", "Soup or fish on Friday? Tell me by noon." },
	{ "m05", MAIL, "2026-02-20", NULL, "Invoice 2201 overdue", "Invoice 2201 of Meadow Shipping has been open for 60 days. Please remind them to pay." },
	{ "m06", MAIL, "2026-02-27", NULL, "Otters under the pier", "A family of otters lives under pier 2. No dredging there until June, says the warden." },
	{ "m07", MAIL, "2026-03-10", NULL, "Re: Re: parking", "No more parking passes this year; the quay is full." },
	{ "m08", MAIL, "2025-12-18", NULL, "Password of the gauge server", "The tide gauge server asks for a new password every 90 days; ask Ines to reset it." },
	{ "m09", MAIL, "2026-02-11", NULL, "Fuel spill at berth 7", "Diesel was spilled at berth 7 last night. The fire brigade closed the berth; report follows." },
	{ "m10", MAIL, "2026-03-05", "tariff-2026", "New harbour dues from April", "From April the dues per tonne rise by four percent; the tariff is attached." },
	{ "m11", MAIL, "2026-01-28", NULL, "Training: first aid", "The first aid course for all crane crews is on 14 February." },
	{ "m12", MAIL, "2026-03-12", NULL, "Harbour newsletter March", "News of the harbour: crane, lease, otters, dues, storm, and a quiz about invoices." },
	{ "m13", MAIL, "2026-02-05", NULL, "Storm warning for the weekend", "Wind force 10 is expected. Double all mooring lines and clear the outer quay." },
	{ "m14", MAIL, "2026-03-08", NULL, "Ship agent asks about shore power", "Can berth 5 deliver shore power to a ferry of 6 kV? The agent needs an answer." },
	{ "f01", FILES, "2024-04-01", NULL, "Lease contract quay 4.pdf", "Lease between the harbour and Meadow Shipping for quay 4, ending 31 March 2026; rent, notice, renewal." },
	{ "f02", FILES, "2025-11-03", NULL, "Crane manual.pdf", "Operating and maintenance of the 40 tonne crane: load limits, yearly inspection, lubrication." },
	{ "f03", FILES, "2026-01-15", "winter-duty", "Winter duty roster", "Week by week: who is on duty, nights, holidays, and the telephone of the stand-in." },
	{ "f04", FILES, "2026-02-01", NULL, "Invoices January 2026.xlsx", "All invoices of January: number, customer, sum, paid or open." },
	{ "f05", FILES, "2026-03-05", "tariff-2026", "New harbour dues from April", "Tariff 2026: dues per tonne, per metre, for fishing boats, ferries and cruise ships." },
	{ "f06", FILES, "2025-09-12", NULL, "Emergency plan.docx", "What to do at fire, oil spill, storm, or a person overboard; whom to call first." },
	{ "f07", FILES, "2025-06-30", NULL, "Otter survey 2025.pdf", "Count of otters in the harbour and the river mouth; holts under pier 2 and the old slip." },
	{ "f08", FILES, "2023-05-05", NULL, "Old lease quay 4 (void).pdf", "Lease of quay 4 until 2021. Void." },
	{ "f09", FILES, "2025-10-10", NULL, "Shore power at berths.pdf", "Voltage, plugs and power of the shore supply at berths 3, 5 and 6; 11 kV only at berth 5." },
	{ "f10", FILES, "2026-02-14", NULL, "First aid attendance.xlsx", "Who came to the first aid course of 14 February, and who must come again." },
	{ "f11", FILES, "2025-08-20", NULL, "Mooring guide.pdf", "How to moor in strong wind: lines, fenders, bollards and their loads." },
	{ "f12", FILES, "2025-12-01", NULL, "Budget 2026.xlsx", "Income from dues and rent, cost of dredging, crane, staff." },
	{ "f13", FILES, "2025-07-07", NULL, "Quay map.png", "Map of quays, piers and berths, with depths." },
	{ "n01", NOTES, "2025-11-20", NULL, "How to remind a customer who does not pay", "After 30 days a letter, after 60 days a call, after 90 days no berth. Templates for reminders of overdue invoices." },
	{ "n02", NOTES, "2025-03-03", NULL, "Resetting passwords", "Anyone can reset a forgotten password at the front desk. The tide gauge has an account of its own." },
	{ "n03", NOTES, "2025-05-14", NULL, "Protected animals", "Otters and terns are protected. Works near a holt or a nest need the warden's leave; no dredging from March to June." },
	{ "n04", NOTES, "2025-09-30", NULL, "Crane: who may drive it", "A crane licence, first aid training not older than two years, and a yearly health check." },
	{ "n05", NOTES, "2025-10-02", NULL, "Oil and fuel spills", "Close the drain, lay out booms, call the fire brigade, then write the spill report the same day." },
	{ "n06", NOTES, "2025-04-18", NULL, "Dues explained", "Harbour dues are per tonne and call; ferries pay per month. Discounts for ships that use shore power." },
	{ "n07", NOTES, "2025-02-02", NULL, "Storm checklist", "At force 9 or more: double the mooring lines, clear the outer quay, secure the crane, stop pilotage." },
	{ "n08", NOTES, "2025-01-10", NULL, "Renting a quay", "A tenancy runs five years. Ask for renewal half a year before it ends; rent follows the price index." },
	{ "n09", NOTES, "2025-06-06", NULL, "Parking on the quay", "Passes are for staff and pilots. Visitors park at the old slip." },
	{ "n10", NOTES, "2025-12-12", NULL, "Holidays and night duty", "Night duty counts one and a half. Swap duties in the roster, not by mail." },
	{ "n11", NOTES, "2025-08-08", NULL, "Dredging", "Depths are kept at 9 metres; dredging is ordered each autumn." },
	{ "n12", NOTES, "2025-07-19", NULL, "Shore power: plugging in", "The ship's engineer and our electrician plug in together; check phase and voltage first." },
	{ "n13", NOTES, "2025-03-21", NULL, "Inspections by the authority", "Cranes yearly, ladders twice a year, fire pumps monthly; keep reports ten years." },
	// clang-format on
};

/* 3: answers it; 2: belongs to the answer; 1: touches it. The second of two
 * that are the same thing counts nothing. */
static const struct question {
	const char *text;
	const char *grades;
} asked[QUESTIONS] = {
	{ "renew lease quay 4", "m01:3 f01:3 n08:2 f08:1" },
	{ "crane inspection", "m02:3 n13:3 f02:2 m12:1" },
	{ "winter duty roster", "m03:3 n10:2" },
	{ "overdue invoice reminder", "m05:3 n01:3 f04:1" },
	{ "otters dredging", "m06:3 n03:3 f07:2 n11:1" },
	{ "reset password tide gauge", "m08:3 n02:3" },
	{ "fuel spill report", "m09:3 n05:3 f06:2" },
	{ "new harbour dues per tonne", "m10:3 n06:2 f12:1" },
	{ "first aid course crane crews", "m11:3 f10:2 n04:2" },
	{ "storm mooring lines", "m13:3 n07:3 f11:3 f06:1" },
	{ "shore power berth 5", "f09:3 m14:3 n12:2 n06:1" },
	{ "parking pass", "n09:3 m07:3" },
	{ "rental of a quay", "n08:3 f01:2 m01:2" },
	{ "unpaid bill", "m05:3 n01:3 f04:2" },
	{ "who may drive the crane", "n04:3 f02:1" },
};

#endif
