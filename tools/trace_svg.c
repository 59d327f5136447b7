/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A timeline as SVG, for reports: a row for each PE, its handlers as bars and all else as
 * marks that tell what they are when they are pointed at; arrows from an error's report to
 * its handler and to its line in the log. Between two steps there is as much room as the
 * logarithm of the time, or nothing could be seen: the times are written along the top.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"

#define ROW        54u
#define TOP        40u
#define LEFT       90
#define STEPS_MAX  4000u /* the latest; a browser draws no more with pleasure */
#define LABEL_ROOM 74    /* between two times along the top */

struct picture {
	FILE *out;
	const struct trace *trace;
	size_t first; /* step that is drawn */
	unsigned rows;
	double *x;      /* of each step from the first on */
	double *remark; /* of each remark, negative: before the first step */
	double width;
};

/* Text of others, between tags. */
static void escape(FILE *out, const char *text)
{
	for (; *text; text++) {
		const unsigned char c = (unsigned char)*text;

		if (c == '<')
			fputs("&lt;", out);
		else if (c == '&')
			fputs("&amp;", out);
		else
			fputc(c < ' ' || c > '~' ? '?' : c, out);
	}
}

/* Room for so many ns. */
static double room_for(uint64_t gap)
{
	double room = 1.5;

	for (; gap > 64; gap /= 2)
		room += 1.5;
	return room;
}

static double place(struct picture *p)
{
	const struct trace *t = p->trace;
	double x = LEFT;
	size_t r = 0;

	for (size_t i = p->first; i < t->steps; i++) {
		const uint64_t before = i > p->first ? t->step[i - 1].time
						     : t->step[i].time;
		uint64_t last = before;

		for (; r < t->remarks && t->remark[r].time < t->step[i].time;
		     r++) {
			if (t->remark[r].time < before) {
				p->remark[r] = -1;
				continue;
			}
			x += room_for(t->remark[r].time - last) + 3;
			last = t->remark[r].time;
			p->remark[r] = x;
		}
		x += room_for(t->step[i].time - last);
		p->x[i - p->first] = x;
	}
	for (; r < t->remarks; r++)
		p->remark[r] = x += 5;
	return x + 20;
}

static double top_of(unsigned row)
{
	return TOP + (double)ROW * row;
}

static double top_of_step(const struct picture *p, const struct step *s)
{
	return top_of(row_of_step(p->trace, s));
}

static const char *colour(enum trace_kind kind)
{
	switch (kind) {
	case TRACE_INTERRUPT:
		return "#7a7a7a";
	case TRACE_PENDING:
		return "#c77700";
	case TRACE_REPORTED:
	case TRACE_DISPOSED:
		return "#b3261e";
	case TRACE_PUBLISHED:
	case TRACE_ACKNOWLEDGED:
		return "#1f7a3d";
	default:
		return "#2b5fa8";
	}
}

static void tooltip(const struct picture *p, const struct step *s)
{
	char text[256];

	step_words(p->trace, s, text, sizeof(text));
	fprintf(p->out, "<title>%" PRIu64 ".%09" PRIu64 " s  ",
		s->time / 1000000000, s->time % 1000000000);
	escape(p->out, text);
	fputs("</title>", p->out);
}

static void draw_rows(const struct picture *p)
{
	for (unsigned row = 0; row < p->rows; row++) {
		const double y = top_of(row);
		char name[32];
		const unsigned of = row_name(p->trace, row, name, sizeof(name));
		const struct origin *o = &p->trace->origin[of];

		fprintf(p->out,
			"<rect x=\"0\" y=\"%.0f\" width=\"%.0f\" height=\"%u\" "
			"fill=\"%s\"/>\n<text x=\"8\" y=\"%.0f\">%s</text>\n",
			y, p->width, ROW, row % 2 ? "#ffffff" : "#f3f5f8",
			y + ROW / 2.0 + 4, name);
		if (row == o->first_row && *o->name)
			fprintf(p->out,
				"<text x=\"8\" y=\"%.0f\" fill=\"#888\">guest "
				"%s</text>\n",
				y + 12, o->name);
	}
}

/* Times along the top, where there is room. */
static void draw_times(const struct picture *p)
{
	const struct trace *t = p->trace;
	double free_from = LEFT;

	for (size_t i = p->first; i < t->steps; i++) {
		const double x = p->x[i - p->first];
		const uint64_t ns = t->step[i].time;

		if (x < free_from)
			continue;
		free_from = x + LABEL_ROOM;
		fprintf(p->out,
			"<path d=\"M%.1f %u v6\" stroke=\"#888\"/>"
			"<text x=\"%.1f\" y=\"%u\">%" PRIu64 ".%06" PRIu64
			"</text>\n",
			x, TOP - 8, x, TOP - 14, ns / 1000000000,
			ns % 1000000000 / 1000);
	}
}

/* From a handler's beginning to its end, or to the picture's. */
static void draw_handler(const struct picture *p, size_t at, unsigned depth)
{
	const struct trace *t = p->trace;
	const struct step *s = &t->step[at];
	const double x = p->x[at - p->first];
	double until = p->width - 4;
	unsigned inner = 1;

	for (size_t i = at + 1; i < t->steps && inner; i++) {
		if (t->step[i].pe != s->pe || t->step[i].of != s->of)
			continue;
		if (t->step[i].kind == TRACE_ENTERED)
			inner++;
		else if (t->step[i].kind == TRACE_COMPLETED && !--inner)
			until = p->x[i - p->first];
	}
	fprintf(p->out,
		"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"12\" "
		"rx=\"2\" fill=\"#9cc3f0\" stroke=\"#2b5fa8\">",
		x, top_of_step(p, s) + 32 - 14.0 * depth, until - x);
	tooltip(p, s);
	fprintf(p->out, "</rect><text x=\"%.1f\" y=\"%.1f\">", x + 3,
		top_of_step(p, s) + 42 - 14.0 * depth);
	if (until - x > 90)
		escape(p->out, event_name(t, s->of, s->code));
	fputs("</text>\n", p->out);
}

static void draw_steps(const struct picture *p)
{
	const struct trace *t = p->trace;
	unsigned *depth = calloc(p->rows + 1, sizeof(*depth));

	for (size_t i = p->first; depth && i < t->steps; i++) {
		const struct step *s = &t->step[i];
		const unsigned row = row_of_step(t, s);

		if (s->kind == TRACE_ENTERED)
			draw_handler(p, i, depth[row]++ ? 1 : 0);
		if (s->kind == TRACE_COMPLETED && depth[row])
			depth[row]--;
		if (s->kind == TRACE_ENTERED || s->kind == TRACE_COMPLETED ||
		    s->kind == TRACE_RESULT)
			continue;
		fprintf(p->out,
			"<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\">",
			p->x[i - p->first], top_of_step(p, s) + 10,
			colour(s->kind));
		tooltip(p, s);
		fputs("</circle>\n", p->out);
	}
	free(depth);
}

static void draw_remarks(const struct picture *p)
{
	for (size_t i = 0; i < p->trace->remarks; i++) {
		const struct remark *r = &p->trace->remark[i];

		if (p->remark[i] < 0)
			continue;
		fprintf(p->out,
			"<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" "
			"fill=\"#444\"><title>",
			p->remark[i], top_of(row_of_log(p->trace, r->of)) + 10);
		escape(p->out, r->text);
		fputs("</title></circle>\n", p->out);
	}
}

static void draw_arrow(const struct picture *p, double x1, double y1, double x2,
		       double y2)
{
	fprintf(p->out,
		"<path d=\"M%.1f %.1f L%.1f %.1f\" stroke=\"#b3261e\" "
		"stroke-dasharray=\"3 2\" marker-end=\"url(#tip)\"/>\n",
		x1, y1, x2, y2);
}

/* From each report to its handler, and on to its line. */
static void draw_flows(const struct picture *p)
{
	const struct trace *t = p->trace;
	uint64_t *flows = flows_of(t);

	for (size_t i = p->first; flows && i < t->steps; i++) {
		size_t h = i + 1;

		if (t->step[i].kind != TRACE_REPORTED)
			continue;
		while (h < t->steps && (flows[h] != flows[i] ||
					t->step[h].kind != TRACE_ENTERED))
			h++;
		if (h == t->steps)
			continue;
		draw_arrow(p, p->x[i - p->first],
			   top_of_step(p, &t->step[i]) + 10, p->x[h - p->first],
			   top_of_step(p, &t->step[h]) + 32);
		for (size_t r = 0; r < t->remarks; r++)
			if (flows[t->steps + r] == flows[i] && p->remark[r] > 0)
				draw_arrow(p, p->x[h - p->first],
					   top_of_step(p, &t->step[h]) + 44,
					   p->remark[r],
					   top_of(row_of_log(t,
							     t->remark[r].of)) +
						   10);
	}
	free(flows);
}

static void draw(struct picture *p)
{
	fprintf(p->out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" "
		"height=\"%.0f\" font-family=\"sans-serif\" font-size=\"11\" "
		"fill=\"#222\">\n"
		"<defs><marker id=\"tip\" markerWidth=\"6\" markerHeight=\"6\" "
		"refX=\"5\" refY=\"3\" orient=\"auto\"><path d=\"M0 0 L6 3 L0 6 "
		"z\" fill=\"#b3261e\"/></marker></defs>\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
		p->width, top_of(p->rows) + 8);
	if (p->first)
		fprintf(p->out,
			"<text x=\"8\" y=\"12\">the latest %u of %zu "
			"steps</text>\n",
			STEPS_MAX, p->trace->steps);
	draw_rows(p);
	draw_times(p);
	draw_steps(p);
	draw_remarks(p);
	draw_flows(p);
	fputs("</svg>\n", p->out);
}

int trace_svg(struct trace *trace, const char *path)
{
	struct picture p = { .trace = trace };
	int status = EXIT_OK;

	p.first = trace->steps > STEPS_MAX ? trace->steps - STEPS_MAX : 0;
	p.rows = trace_rows(trace);
	p.x = calloc(trace->steps - p.first + 1, sizeof(*p.x));
	p.remark = calloc(trace->remarks + 1, sizeof(*p.remark));
	if (!p.x || !p.remark)
		return fail(EXIT_REFUSED, "no memory left");
	p.out = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
	if (!p.out)
		return fail(EXIT_USAGE, "%s: %s", path, strerror(errno));
	p.width = place(&p);
	draw(&p);
	if (p.out == stdout ? fflush(p.out) != 0 : fclose(p.out) != 0)
		status = fail(EXIT_USAGE, "%s: %s", path, strerror(errno));
	free(p.x);
	free(p.remark);
	return status;
}
