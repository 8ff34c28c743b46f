# Checks that libvterm 0.3.3 lacks, and whose absence a hostile program could use. Applied after unpacking.
# The arguments of a control sequence end with the array that holds them: a 17th would lie over what follows it.
s/^        vt->parser\.v\.csi\.argi++;$/        if(vt->parser.v.csi.argi < CSI_ARGS_MAX - 1) vt->parser.v.csi.argi++;/
# A string that is cut behind an ESC of an earlier piece has no byte to give back.
s/^    if(vt->parser\.in_esc)$/    if(vt->parser.in_esc \&\& string_len)/
# src/state.c: a control character in UTF-8 (U+0080 to U+009F) has the width -1, and moved the cursor off the screen; some
# that combine with the one before had a width of their own, so that a group of them could be wider than the screen.
s/^      width += this_width;$/      width += this_width > 0 \&\& !vterm_unicode_is_combining(codepoints[i]) ? this_width : 0;/
# src/state.c: what combines with the character in the last column did not when it came in a piece of its own.
s/^    if(state->pos\.row == state->combine_pos\.row && state->pos\.col == state->combine_pos\.col + state->combine_width) {$/    if(state->pos.row == state->combine_pos.row \&\& state->pos.col == state->combine_pos.col + (state->combine_pos.col + state->combine_width < THISROWWIDTH(state) ? state->combine_width : 0)) {/
# src/state.c: a scrolling region that a smaller screen no longer holds had a negative height (or width).
s/^  if(state->scrollregion_bottom > -1)$/  if(state->scrollregion_top >= state->rows) { state->scrollregion_top = 0; state->scrollregion_bottom = -1; } &/
s/^  if(state->scrollregion_right > -1)$/  if(state->scrollregion_left >= state->cols) { state->scrollregion_left = 0; state->scrollregion_right = -1; } &/
# src/state.c: the cursor that DECRC brings back may be where a smaller screen has no cells, nor its own row's entry.
s/^    state->pos = state->saved\.pos;$/& if(state->pos.row >= state->rows) state->pos.row = state->rows - 1; if(state->pos.col >= state->cols) state->pos.col = state->cols - 1;/
# src/state.c, src/screen.c: repeating a wide character where only half of it fits wrote to no cell at all.
s/^    while (state->pos\.col < col) {$/    while (state->pos.col < col \&\& state->pos.col + state->combine_width <= row_width) {/
s/^    getcell(screen, pos\.row, pos\.col + col)->chars\[0\] = (uint32_t)-1;$/    if(getcell(screen, pos.row, pos.col + col)) &/
# src/state.c, src/screen.c: DECALN took ten times as long as anything else that fills the screen. A negative width is
# that of a row of the same.
s/^            putglyph(state, E, 1, pos);$/            if(pos.col == 0) putglyph(state, E, -ROWWIDTH(state, pos.row), pos);/
s/^  cell->pen\.dhl            = info->dhl;$/& for(int col = 1; col < -info->width \&\& getcell(screen, pos.row, pos.col + col); col++) cell[col] = *cell;/
# src/parser.c: an ESC in a string was part of it where a control character followed in the same piece.
s/^      vt->parser\.in_esc = true;$/      if(string_start) { string_fragment(vt, string_start, bytes + pos - string_start, false); string_start = bytes + pos + 1; } &/
