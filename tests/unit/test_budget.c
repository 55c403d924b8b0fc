// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's budget for stacks (module/capture/budget.c) with a clock of the test's own:
 * what it allows is no more than the rate, and a fair sample of the drops.
 */
#include "kernel.h"
#include "capture/budget.h"
#include "ktap.h"

#define SECOND	1000000000ull
#define KINDS	3

struct whydrop_config whydrop_config;

static struct whydrop_budget budget;
static u64 now;

/* Drops since start(), and those with a stack, by kind; units spent, and the most at a time. */
static u64 drops[KINDS], taken[KINDS], spent, begin;
static u32 dearest;

static void start(u32 rate)
{
	whydrop_config.stack_unit = rate ? SECOND / (rate * WHYDROP_COST_UNWIND) : 0;
	memset(drops, 0, sizeof(drops));
	memset(taken, 0, sizeof(taken));
	spent = 0;
	dearest = 0;
	begin = now;
}

/* As after load, at a time that is not long after boot. */
static void load(u32 rate)
{
	memset(&budget, 0, sizeof(budget));
	now = SECOND;
	start(rate);
}

static void drop(unsigned int kind, u32 cost)
{
	drops[kind]++;
	if (!whydrop_budget_allows(&budget, now))
		return;
	taken[kind]++;
	spent += cost;
	if (cost > dearest)
		dearest = cost;
	whydrop_budget_charge(&budget, cost);
}

/* So many drops per second, of which 6, 3 and 1 of 10 are of each kind. */
static void storm(unsigned int seconds, u32 per_second, u32 cost)
{
	u64 end = now + seconds * SECOND;
	unsigned int i;

	for (i = 0; now < end; i++) {
		now += SECOND / per_second;
		drop(i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2, cost);
	}
}

static u64 sum(const u64 *n)
{
	return n[0] + n[1] + n[2];
}

/* No more than the time allows, what was saved up before it, and the last stack. */
static void check_bound(void)
{
	u64 most = now - begin + WHYDROP_BUDGET_SAVED;

	if (spent * whydrop_config.stack_unit > most + (u64)dearest * whydrop_config.stack_unit)
		FAIL("%" PRIu64 " ns spent, %" PRIu64 " allowed", spent * whydrop_config.stack_unit,
		     most);
}

/* Each kind has its share of the stacks, within @within of all. */
static void check_shares(double within)
{
	unsigned int i;

	for (i = 0; i < KINDS; i++) {
		double off = (double)taken[i] / sum(taken) - (double)drops[i] / sum(drops);

		if (!(off < within && off > -within))
			FAIL("kind %u: %" PRIu64 " of %" PRIu64 " stacks, %" PRIu64 " of %" PRIu64
			     " drops", i, taken[i], sum(taken), drops[i], sum(drops));
	}
}

static void test_all(void)
{
	load(WHYDROP_STACK_RATE);
	storm(10, 50000, WHYDROP_COST_WALK);
	CHECK_INT(sum(taken), sum(drops));
	CHECK(whydrop_budget_share(&budget, now) > 70);
	CHECK(whydrop_budget_share(&budget, now) < 80);
	check_bound();
}

static void test_burst(void)
{
	unsigned int i;

	load(WHYDROP_STACK_RATE);
	for (i = 0; i < 237; i++, now += 1000)
		drop(0, WHYDROP_COST_UNWIND + 2 * WHYDROP_COST_LEARN);
	CHECK_INT(sum(taken), 237);
	/* And again after a storm, once that has been over for a while. */
	storm(10, 500000, WHYDROP_COST_WALK);
	now += 5 * SECOND;
	start(WHYDROP_STACK_RATE);
	for (i = 0; i < 8000; i++, now += 1000)
		drop(0, WHYDROP_COST_WALK);
	CHECK_INT(sum(taken), 8000);
}

static void test_storm(void)
{
	load(WHYDROP_STACK_RATE);
	storm(10, 500000, WHYDROP_COST_WALK);
	check_bound();
	check_shares(0.01);
	/* And what there is is used. */
	CHECK(spent * whydrop_config.stack_unit > 9 * SECOND);
	CHECK(whydrop_budget_share(&budget, now) > 85);
	now += 10 * SECOND;
	CHECK_INT(whydrop_budget_share(&budget, now), 0);
}

static void test_costs(void)
{
	u32 rate, cost;

	for (rate = 1; rate <= 10 * 1000 * 1000; rate *= 10) {
		for (cost = 1; cost <= 512; cost *= 8) {
			load(rate);
			storm(2, 200000, cost);
			check_bound();
			if (!sum(taken))
				FAIL("rate %u, cost %u: none", rate, cost);
		}
	}
}

/* Kinds whose costs differ by as much as they can are taken alike. */
static void test_mixed(void)
{
	unsigned int i;

	load(WHYDROP_STACK_RATE);
	for (i = 0; i < 5000000; i++) {
		now += 2000;
		drop(i % 2, i % 2 ? WHYDROP_COST_UNWIND : WHYDROP_COST_WALK);
	}
	check_bound();
	check_shares(0.01);
}

/* Bursts in which one kind comes first each time; what is first has no advantage. */
static void test_bursts(void)
{
	unsigned int i, burst;

	load(WHYDROP_STACK_RATE);
	for (burst = 0; burst < 1000; burst++) {
		for (i = 0; i < 4000; i++) {
			now += 1000;
			drop(i >= 2000, WHYDROP_COST_WALK);
		}
		now += 6 * SECOND / 1000;
	}
	CHECK(sum(taken) < sum(drops) / 4);
	check_bound();
	check_shares(0.01);
}

/* Each drop of some per second, after a storm, however long that was and short ago. */
static void test_calm(void)
{
	unsigned int ms;

	for (ms = 1; ms < 1000; ms += 7) {
		load(WHYDROP_STACK_RATE);
		storm(1, 500000, WHYDROP_COST_WALK);
		for (u64 end = now + ms * SECOND / 1000; now < end; now += 2000)
			drop(0, WHYDROP_COST_WALK);
		now += 2 * SECOND;
		start(WHYDROP_STACK_RATE);
		storm(2, 100, WHYDROP_COST_WALK);
		CHECK_INT(sum(taken), sum(drops));
	}
}

/* What was spent at another rate does not count, nor what was without a limit. */
static void test_change(void)
{
	load(1);
	storm(1, 100000, 500);
	now += SECOND;
	start(WHYDROP_STACK_RATE);
	storm(1, 1000, WHYDROP_COST_WALK);
	CHECK_INT(sum(taken), sum(drops));
	start(0);
	storm(1, 1000000, 500);
	CHECK_INT(sum(taken), sum(drops));
	start(WHYDROP_STACK_RATE);
	storm(1, 1000, WHYDROP_COST_WALK);
	CHECK_INT(sum(taken), sum(drops));
}

TESTS(
	{ "the default: 50,000 known stacks a second are taken, each", test_all },
	{ "a burst has each stack, also soon after a storm", test_burst },
	{ "a storm: no more is spent than allowed, nor much less, in fair shares", test_storm },
	{ "no more is spent, whatever the rate and the costs", test_costs },
	{ "what costs more is taken as often", test_mixed },
	{ "what comes first in each burst is taken as often", test_bursts },
	{ "after a storm each drop has its stack again", test_calm },
	{ "another rate begins without debts", test_change },
)
