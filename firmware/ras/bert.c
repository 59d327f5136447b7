/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fatal records outlive the reset that they lead to: what is kept lies in Secure
 * RAM that nothing initialises (.noinit), what is shown in the BERT region.
 */
#include <ras/internal.h>
#include <el3/machine.h>
#include <sources.h>

/* 31 memory errors, or one of any length. */
#define STORE_SIZE 8192

static _Alignas(8) uint8_t store[STORE_SIZE]
	__attribute__((section(".noinit")));
static const struct sdei_bert_config config = {
	PLATFORM_BERT,
	.store = store,
	.store_size = STORE_SIZE,
	.ops = &ras_ops,
};
static spinlock guard;

void bert_keep(const struct sdei_record *record)
{
	spin_lock(&guard);
	sdei_bert_keep(&config, record);
	spin_unlock(&guard);
}

void bert_look(void)
{
	spin_lock(&guard);
	sdei_bert_look(&config);
	spin_unlock(&guard);
}

void bert_show(void)
{
	spin_lock(&guard);
	sdei_bert_show(&config);
	spin_unlock(&guard);
}

void bert_count(struct ras_kept *kept)
{
	struct sdei_bert_kept k;

	spin_lock(&guard);
	sdei_bert_count(&config, &k);
	spin_unlock(&guard);
	kept->kept = k.kept;
	kept->lost = k.lost;
}
