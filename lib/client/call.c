/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls to the dispatcher, and what is believed of its answers: those that the
 * specification has (5.3). Everything else is SDEI_ERROR_ANSWER.
 */
#include "internal.h"

#define ERROR(n) (1u << -(n))
#define ERRORS \
	(ERROR(SDEI_NOT_SUPPORTED) | ERROR(SDEI_INVALID_PARAMETERS) | \
	 ERROR(SDEI_DENIED) | ERROR(SDEI_OUT_OF_RESOURCE))

/* How many bits the answer has that is no error; it is 0 if not named here. */
static const uint8_t answer_bits[32] = {
	[CALL_OF(SDEI_FID_EVENT_STATUS)] = 3,
	[CALL_OF(SDEI_FID_EVENT_GET_INFO)] = 1,
	[CALL_OF(SDEI_FID_PE_MASK)] = 1,
	[CALL_OF(SDEI_FID_INTERRUPT_BIND)] = 31,
	[CALL_OF(SDEI_FID_FEATURES)] = 32,
};

static unsigned bits_of(unsigned call, uint64_t x2)
{
	if (call == CALL_OF(SDEI_FID_EVENT_GET_INFO) &&
	    x2 == SDEI_INFO_ROUTING_AFF)
		return 40;
	return answer_bits[call];
}

/* PENDING is an answer of one call only, and means something there (5.1.8). */
static bool is_error(unsigned call, int64_t answer)
{
	unsigned errors = ERRORS;

	if (call == CALL_OF(SDEI_FID_EVENT_UNREGISTER))
		errors |= ERROR(SDEI_PENDING);
	return answer >= SDEI_OUT_OF_RESOURCE && errors >> -answer & 1;
}

int64_t client_ask(struct sdei_client *c, unsigned call, uint64_t x1,
		   uint64_t x2, uint64_t x3)
{
	int64_t answer;

	c->asked = call;
	answer = c->call(SDEI_FID_FIRST + call, x1, x2, x3, 0, 0);
	if (answer < 0 ? is_error(call, answer)
		       : !(answer >> bits_of(call, x2)))
		return answer;
	return SDEI_ERROR_ANSWER;
}
