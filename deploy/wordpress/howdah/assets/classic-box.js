/* The button in the classic editor's panel: it shares the post once more, and says what howdah answered. */
( function ( wp, words ) {
	'use strict';

	document.addEventListener( 'click', function ( event ) {
		var button = event.target.closest( '.howdah-again' );
		// eslint-disable-next-line no-alert
		if ( ! button || ! window.confirm( words.sure ) ) {
			return;
		}
		var told = document.querySelector( '.howdah-told' );
		button.disabled = true;
		wp.apiFetch( { path: '/howdah/v1/posts/' + button.dataset.post + '/again', method: 'POST' } )
			.then(
				function ( done ) {
					told.textContent = done.message;
				},
				function ( error ) {
					told.textContent = error.message;
				}
			)
			.then( function () {
				button.disabled = false;
			} );
	} );
} )( window.wp, window.howdahWords );
