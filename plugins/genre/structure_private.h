/* structure: the counters, one for each entry of the table. Each says how many of it the folded
 * line holds. */
#ifndef STRUCTURE_PRIVATE_H
#define STRUCTURE_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

uint32_t structure_question_turns(const char *line, size_t len);
uint32_t structure_answer_turns(const char *line, size_t len);
uint32_t structure_speaker_lines(const char *line, size_t len);
uint32_t structure_speaker_turns(const char *line, size_t len);
uint32_t structure_question_lines(const char *line, size_t len);
uint32_t structure_floors(const char *line, size_t len);
uint32_t structure_salutations(const char *line, size_t len);
uint32_t structure_quotations(const char *line, size_t len);
uint32_t structure_dialogue_lines(const char *line, size_t len);
uint32_t structure_steps(const char *line, size_t len);
uint32_t structure_sections(const char *line, size_t len);
uint32_t structure_articles(const char *line, size_t len);
uint32_t structure_chapters(const char *line, size_t len);
uint32_t structure_document_numbers(const char *line, size_t len);
uint32_t structure_amounts(const char *line, size_t len);
uint32_t structure_prices(const char *line, size_t len);
uint32_t structure_scores(const char *line, size_t len);
uint32_t structure_dated_lines(const char *line, size_t len);
uint32_t structure_fields(const char *line, size_t len);
uint32_t structure_short_lines(const char *line, size_t len);
uint32_t structure_verse_lines(const char *line, size_t len);
uint32_t structure_list_lines(const char *line, size_t len);
uint32_t structure_script_lines(const char *line, size_t len);
uint32_t structure_data_lines(const char *line, size_t len);
uint32_t structure_written_dates(const char *line, size_t len);
uint32_t structure_datelines(const char *line, size_t len);

#endif
